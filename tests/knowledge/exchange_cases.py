"""Files in the formats of other programs, written by hand as those programs write them."""

CSV = (
    "topic;id;Question;Phrasings;Answer;Owner\r\n"
    'prp;prp_age;"From what age; may I have PRP?";"age for prp\nhow old for prp";"<p>From <b>18</b> years.</p>";Jo\r\n'
    "prp;prp_age;too young for prp?;;;\r\n"
    ";;Is there parking?;;On the <i>street</i>.;\r\n"
    ";;What is the weather like today;;Sunny.;\r\n"
    ";;No answer here;;;\r\n"
    ";;;;An answer alone.;\r\n"
)

RASA_NLU = """\
version: "3.1"
nlu:
  - intent: faq/ask_parking
    metadata:
      sentiment: neutral
    examples: |
      - where can i [park](place)?
      - is there a [car park]{"entity": "place", "value": "parking"} near
  - synonym: parking
    examples: |
      - car park
  - intent: greet_twice
    examples: |
      - hello again there
"""
RASA_DOMAIN = """\
version: "3.1"
intents:
  - faq
responses:
  utter_faq/ask_parking:
    - text: "On the street. *Free* at night."
      image: https://a.example/map.png
    - text: Behind the house.
  utter_unused:
    - text: Never asked.
"""

_TSV_HEAD = "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\tSourceDisplayName\n"
QNAMAKER = (
    _TSV_HEAD
    + 'Is there parking?\tOn the street.\\n\\n* Free at night\tfaq.html\tcolour:red\t["x"]\tFalse\t'
    + '[{"DisplayOrder":0,"DisplayText":"Where?","QnaId":2}]\t1\tfaq.html\n'
    + "where do i leave my car\tOn the street.\\n\\n* Free at night\tfaq.html\t\t[]\tFalse\t[]\t1\tfaq.html\n"
    + "Where is the door?\tRound the corner.\tEditorial\tid:the_door|topic:prp\t[]\tTrue\t[]\t2\tEditorial\n"
)

QNABOT = """\
{"qna": [
  {"qid": "Parking.001", "type": "qna", "q": ["Is there parking?", "can i park"], "a": "On the street.",
   "alt": {"markdown": "On the **street**.", "ssml": "<speak>On the street.</speak>"}, "t": "prp",
   "r": {"title": "", "imageUrl": "https://a.example/x.png"}, "l": "", "args": []},
  {"qid": "Door", "q": ["Where is the door?"], "a": "Round the corner.", "type": "qna"},
  "nonsense"
]}
"""

DIALOGFLOW = (
    '"Is there parking?","On the street."\n"can i park","On the street."\n"Where is the door?","Round the corner."\n'
)
