"""Word lists for finding names: what is a first name, and what never is one.

Names that are also ordinary words (Mark, Grace, Will, Rose, May) are left out on purpose: written with a
capital they are found by their place in the sentence, in small letters they are read as words.
"""

FIRST_NAMES = frozenset(
    """
    aaliyah aarav aaron abbie abby abdul abdullah abena abigail abiola abraham abu adaeze adam ade adebayo
    adele adeola adil aditi adrian afia agata agnes agnieszka ahmad ahmed aidan aiden aileen aisha aisling
    ajay akosua akua alan alana alastair albert aled alejandro aleksander aleksandra alessandro alex alexa
    alexander alexandra alfie alfonso alfred ali alice alicia alina alisha alison alistair aliyah allan
    allison alun amal amanda amara amber ambrose amelia amelie amin amina amir amit amrit amy ana ananda
    ananya anastasia andre andrea andrei andrew andy aneeta aneta angela angharad angie angus anika anil
    anish anisha anita anja ann anna annabel annalise anne anneka annette annie anthony anton antoni antonia
    antonio anwar anya aoife arabella archana archie aria arjun arlene armando arnold arthur arturo arun
    asad asha ashish ashley ashok ashton asif asma astrid audrey aurelia austin ava avril ayaan ayaz ayesha
    ayo ayodele azra babajide babs barbara barry bartek bartosz beata beatrice beatrix becca becky bella ben
    benedict benita benjamin bernadette bernard bernie beryl beth bethan bethany betty bev beverley beverly
    bex bianca bilal billie binta bjorn blanca blessing bob bobby bogdan bonnie boris brad bradley brandon
    brenda brendan brian bridget bridie bronagh bronwen bruce bryan bryony bukola caitlin callum calum
    cameron camilla candice cara carina carl carla carlos carlton carly carmel carmen carol carole carolina
    caroline carolyn carys cassandra cath catherine cathy catrin cecilia cedric celia ceri cesar chandra
    chanel chanelle chantal chantelle charis charlene charles charlie charlotte chelsea chelsey chen cheryl
    chiara chidi chika chinedu chinwe chioma chloe chris chrissie christina christine christopher
    chukwuemeka cian ciara ciaran cindy claire clara clare clarissa claudia clement cleo clifford clive
    colette colin colleen connie connor conor constance coral cordelia courtney craig cristina cynthia cyril
    dafydd dahlia daisy dalia damian damien damon dan dana daniel daniela danielle danish danny daphne darcy
    daren darius darragh darren dave davey david davina davinder dawid dean deb debbie deborah deepa deepak
    deirdre dele delroy demi denis denise dennis denzel derek dermot desmond destiny diana diane diego dilip
    dimitri dina dinesh diya dmitri dolly dolores dominic dominik dominika dominique donald donna donovan
    dora doreen dorian doris dorota dorothy doug douglas duncan dwayne dylan eamonn ebony ed eddie eddy
    edith edmund eduardo edward edwin edyta efe eileen eilidh ekow elaine eleanor elena eli elias elijah
    elin elisa elisabeth elise eliza elizabeth ella ellen ellie elliot elliott elodie eloise elsie elspeth
    elvira emeka emilia emilio emily emir emma emmanuel enid enrique enzo eric erica erika erin ernest errol
    esme esther ethan ethel etta eugene eunice eva evan eve evelina evelyn ewa ewan fabian fabio fahad
    faisal faiza farah farhan farid farida farooq fatima fatimah fatou fatoumata federica felicity felix
    fergus fernando filip finlay finn fiona fizza florence florin folake fran frances francesca francesco
    francis francois fred freda freddie frederick freya gabriel gabriela gail gareth garfield gary gavan
    gavin gaynor gemma genevieve geoff geoffrey george georgia georgina geraint gerald geraldine gerard
    gerda gerry gethin ghulam gilbert gillian gina ginny giorgio giovanni giulia gladys glen glenda glenys
    gloria godfrey gordon graeme graham greg gregory greta griff guido gurpreet gus gwen gwenda gwendolyn
    gwyneth habib haider hamish hamza hana hanif hannah hans hari harinder harjit harold haroon harpreet
    harriet harriett harry harvey hasan hassan hattie hayley hazel heather hector heena heidi helen helena
    henry hermione hester hilary hilda holly hong horace howard hugh hugo humaira hussain hussein hyacinth
    iain ian ibrahim ida ifeanyi ifeoma igor ilona iman imogen imran inderjit indira ines ingrid ioan ioana
    iqbal irena irene iris irma isaac isabel isabela isabella isabelle isaiah isla ismail isobel iulia ivan
    ivy iwona izabela jabir jacek jacinta jackie jacob jacqueline jacques jacqui jada jade jaden jagdeep
    jaime jake jakub jamal james jamie jan jane janet janice janine jared jasmin jasmine jason jaspal jasper
    jaspreet jatinder javed javier jay jaya jayden jayne jean jeanette jeannie jeff jeffrey jelena jemima
    jemma jen jenna jennie jennifer jenny jeremy jermaine jerome jerry jerzy jess jessica jessie jia jill
    jim jimmy jing jo joan joanna joanne joao jodi jodie joe joel johan johanna john johnny jolanta jon
    jonas jonathan jonny jordan jorge jose josef joseph josephine josh joshua josie joyce juan judah judith
    judy julia julian juliana julie juliet juma june justin justyna kadir kamal kamil kamila kareem karen
    karim karina karl karolina kasia kasper katarzyna kate katerina kath katharine katherine kathleen
    kathryn kathy katie katrina katy kavita kay kayla kayleigh keely keiran keisha keith kelechi kelly
    kelvin kemi ken kenji kenneth kenny kenya kerry kevin keziah khadija khalid khalil kieran kim kimberley
    kingsley kiran kirk kirsten kirsty kitty kobe kofi kostas kris kristina krystyna krzysztof kulwinder
    kumar kunal kwabena kwaku kwame kwasi kyle kylie lakshmi lana lara larry lata latifah latoya laura
    lauren laurence lawrence leah leanne lee leela leila lena leo leon leonard leonie leroy lesley leslie
    leticia letitia lewis lexi liam liane lidia lilian liliana lily lina linda lindsay lindsey linus lisa
    lisbeth liz lizzie lloyd logan lois lola lorena lorenzo lorna lorraine lottie lou louis louisa louise
    luca lucas lucia lucian lucie lucinda lucy ludmila luis lukasz luke luna lydia lyn lynda lyndsey lynn
    lynne mabel maciej mackenzie maddie madeleine madison magda magdalena maggie magnus mahesh mahmoud mair
    maisie maja malcolm malgorzata malik malika mamadou mandeep mandy manish manjit manoj manuel manuela
    marcel marcela marcia marcin marco marcus marek margaret margarita margery mari maria mariam marian
    mariana marianna marianne maribel marie marilyn marina mario marion mariusz marjorie marjory marlena
    marlene marlon marsha marta martha martin martina martyn marvin mary maryam maryann mateusz mathew
    matilda matt matteo matthew mattie maud maura maureen maurice mavis maxine maya mckenzie medina meena
    meera megan mehmet mehwish mei meirion melanie melissa melvin mercedes merle meryl mia michael michaela
    michal michel michelle miguel mihaela mihai mike mila milan mildred milena millie milly mina minnie mira
    miranda mirela miriam miroslav mitchell mitesh mo mohamed mohammad mohammed mohan mohit moira molly mona
    monica monika monique monty morag morwenna moses muhammad mukesh muriel murray mustafa mustapha myles
    myra myrtle nabil nadeem nadia nadine naeem naheed nana naomi narinder nasir nasreen nasrin natalia
    natalie natasha nathan nathaniel naveed nazia nazir neelam neha neil nell nelson nerys nettie neville
    ngozi nia niamh nicholas nick nicky nicola nicolas nicole nigel nigella nikhil nikita nikki nina nirmala
    nishant nita nkechi noah nobuhle noel noor nora noreen norma norman nuala obinna octavia oksana ola
    olatunde oleksandr olena olga oliver olivia olivier olu olufemi olumide oluwaseun oluwaseyi omar omari
    omolara ophelia orla orlaith oscar osman oswald otis owen pablo padraig paige pamela paolo parminder
    parveen pascal patricia patrick patrycja patsy paul paula paulette paulina pauline pavel pawel pearl
    pedram pedro peggy penelope perry pete peter petra petronella phil philip philippa philippe phillip
    phoebe phyllis pia pierre piotr pippa polly poppy pradeep prakash praveen preeti prisha priti priya
    prudence przemyslaw qasim quentin quincy rabia rachael rachel radha radoslaw rafael rafal rafe raheem
    rahul raj raja rajesh rajinder rajiv ralph ramesh ramon ramona rana randeep ranjit raphael rashid
    rashida raveena ravi raymond razia razvan rebecca reece reena reggie reginald rehana renata rene reuben
    reza rhian rhiannon rhoda rhona rhys ria riaz ricardo richard rick ricky rishi rita robert roberta
    roberto robin robyn rocco rochelle roderick rodney roger rohan rohini rohit roisin roland roma romeo ron
    ronald ronan ronnie rory rosa rosaleen rosalind rosalyn rosanna rosemary rosie ross rowena roxanne roy
    ruairi rubina ruby rufus rukhsana rupa rupert russell ruth ryan saanvi sabina sabrina sadia sadie saeed
    safiya sahil saira sajid sakina salim sally salma salman sam samantha sameer sami samina samir samira
    samson samuel sandeep sandra sandy sanjay sanjeev santiago saoirse sara sarah sarita sasha satish satnam
    saul savannah scott sean sebastian seema selina selma serena sergei sergio shabana shabir shabnam shahid
    shaima shanaya shane shanelle shanice shannon sharif sharmila sharon sharron shaun shauna shayla shazia
    sheena sheikh sheila shelley shelly sher sheryl shilpa shirley shobha shona shreya shyam sian sidney
    sienna sigrid silas silvia simon simone simran sinead siobhan siobhán siraj sofia sonia sonya sophia
    sophie soraya sorcha stacey stan stanislaw stanley stefan stefania steffan stella steph stephanie
    stephen steve steven stewart stuart subhash sudha sujata sukhdeep sukhwinder suki suleman sunil sunita
    suresh surinder surjit susan susanna susie suzanne suzie sven svetlana swati sybil syed sylvester sylvia
    sylvie tabitha tahir tahira takumi talia talib tamara tamika tamsin tania tanisha tanya tara tariq tarun
    tasha tatiana tatyana taylor ted temitope tendai teodora terence teresa terrence terry tess tessa thandi
    thelma theo theodora theodore theresa thomas tiago tiffany tilly tim timothy tina tobias toby todd tom
    tomas tomasz tommy tomos toni tony tonya toyin tracey tracie tracy trevor trish trisha tristan tudor
    tunde tyler tyra tyrone uche ulrich umar una ursula usha usman vadim valentina valeria valerie vanessa
    vasile vaughan venetia vera verity vernon veronica veronika vic vicky victor victoria vijay vikas vikki
    vikram viktor vince vincent vinod viola violet virginia vishal vivek vivian vivien vivienne wahid wajid
    walid walter wanda wasim wayne wei wendy wesley wiktor wilfred wilhelmina william wilma winifred winnie
    winston wojciech xander xavier xiao yan yana yasin yasir yasmin yasmine yaw yehuda yetunde yogesh
    yolanda yolande ysabel yuki yuri yusra yusuf yvette yvon yvonne zac zach zachary zahid zahra zainab
    zakariya zara zaynab zeeshan zelda zeynep zhen ziad zina zoe zofia zoya zsofia zuzanna
    """.split()
)

SURNAMES = frozenset(
    """
    adams adeyemi ahmed akhtar ali allen anderson andrews armstrong atkinson bailey baker barker barnes
    begum bell bennett bibi booth bradley brooks brown bryant burton butler campbell carr carter chambers
    chapman clark clarke cole collins cooper cox cunningham davidson davies davis dawson dixon edwards ellis
    evans fisher fletcher foster fraser gallagher garcia gardner gibson gill gordon graham grant green
    greene griffiths hall hamilton harper harris harrison hart harvey hill holmes hudson hughes hunt hunter
    hussain hussein iqbal jackson james jenkins johnson johnston jones kaur kelly kennedy khan king knight
    kowalska kowalski kumar lane lawrence lawson lee lewis lloyd macdonald marshall martin mason matthews
    mccarthy mcdonald mckenzie miah miller mills mitchell mohamed moore morgan morris morrison murphy murray
    nguyen nowak o'brien o'connor o'neill okafor okonkwo owen palmer parker parmar patel patil payne pearce
    pearson perry phillips popescu powell price rahman reid reynolds richards richardson roberts robertson
    robinson rodrigues rogers rose russell ryan sanders saunders scott shah shaikh sharma shaw silva simpson
    singh smith spencer stevens stewart sutton taylor thomas thompson thomson tucker turner walker wallace
    walsh ward watson watts webb wells west white wilkinson williams williamson wilson wood woods wright
    yilmaz young zhang
    """.split()
)

# Never a name, whatever its place and its capitals: words that follow "I'm", "this is", "call me", "thanks".
ORDINARY = frozenset(
    """
    a aa able about above abroad absolutely advance afraid after afternoon again age aged agony alert all
    allergic almost alone already alright also always am ambulance an and angry ankle another any anybody
    anyone anything anyway appreciate approximately april are arm around as asap asian ask asleep asthmatic
    at august available awake aware away awful b back bad baffled based bc because bed been before behind
    being below best better between big biopsy bipolar bit black bleeding blind blood blue bone booked bot
    both brilliant bristol british broke bursa but by bye call came can can't cancer cannot carer cauda
    celiac chat chest christmas clear clinic coeliac cold come coming complete completely concerned confused
    consultant contact cool correct cortisone could covid crazy crying cured curious currently cut d'you dad
    daily daughter day days dead deaf dear december definitely delighted depressed desperate did different
    dizzy do doc doctor doctors does doesn't doing don't done down dr drowsy drunk dry due during e each
    early easy either eligible else emergency employed england enough even evening ever every everybody
    everyone everything exactly exhausted expecting extra f fab fair fairly false family fantastic far fast
    fat father feb february fed feel feeling fell female few fibro fifty fine first fit five flat folks
    following food foot for forty four fragile frail free fresh friday friend from frozen full fuming
    furious g gay gb genuine genuinely german get getting glad glute go god going gone gonna good got grand
    grateful great greek groin group gutted guys gym h had half hamstring happy hard has have haven't having
    he healthy heavy hello help her here hers hey hi high him hip his hiv home honest honestly hopeful
    hoping horrible hot hour house how however https huge hungry hurt hurts hypermobile i i'd i'll i'm i've
    ibuprofen if ill im immune imo important in incredibly infection injection injections insane inside
    insured into intolerant irish is isn't issue it it's italian itchy its january jewish july june just
    keen kenalog kidney kind knee know l lady lame last late later least left leg legs less let lighter like
    likely limited little london long look looking lost lots love low lower lucky lumbar m mad made mail
    major male man many march married mate may maybe me mean med medical mental midday midnight mine minor
    miss missing mobile monday money months more morning most moving mr mri mrs ms much mum muslim my myself
    n name naproxen near nearly need needle nerve nervous never new news next nhs nice night nightmare nine
    no nobody none normal normally not nothing november now numb number nurse o obese obvious obviously
    october odd of off office often ok okay old on once one only onto open operation or originally osteo
    other our ours out outside over overdue overseas overweight own paid pain painful pal paracetamol part
    partner past patient pc peckish pelvis people per perfect perhaps period petrified physio pierced
    piriformis plain please pleased plus poland poor poorly possible possibly ppl pregnant presumably pretty
    previous private probable probably prone proper proud prp pure put puzzled quick quickly quite r ready
    real really recent recently red ref referral regarding remember reply resting retired returning
    rheumatoid ridiculous right ring rough round running s sad safe same sat saturday saying scan scared
    scary sciatic sciatica scotland scottish second self send sensitive september serious seriously severe
    shattered she shocked short should shoulder sick side silly similar since sincerely single sir sit six
    skint slim slow small smoker so sober some somebody someone something sometimes soon sore sorry sort
    speak spelled spelling spelt spinal spine sport sports spot standard starting starving steroid stiff
    still stop straight strange stressed strong stuck student stupid such sufferer suffering suitable sunday
    super support suppose supposed sure surely surgery swollen sympathetic t tall tbh team tearful
    technically ten tender tendon terrible terrific terrified text thank thankful thanks that that's the
    their theirs them then there these they thigh thin third this those though thrilled through thursday
    ticklish tight til till tingly tip tired to today together tomorrow tonight too tore torn torture total
    totally touch tough toward trans treatment tricky true truly try tuesday turkish twenty two type uk
    ultrasound unable uncertain under understand uneasy unfit unfortunate unfortunately unhappy unlikely
    unsure until unwell up upset urgent urgently us useful useless usual usually vague vegan vegetarian very
    via vital w wales was way we weak wednesday week weekly weeks weird welcome well welsh went were west
    what what's whatever when where whether which while who whole whose why wife wild will wish with within
    without woman won't wonder working worse worst worth would wow write wrong x xx xxx y yes yesterday yet
    york you young your yours yourself yr
    """.split()
)

# Endings of adjectives, participles and diseases: "Driving", "Diabetic", "Worried", "Bursitis".
ORDINARY_ENDINGS = tuple(
    """
    able al algia apy athy bound ean ectomy ed ese ful ian ible ic ing ish itis ive less ly ment ness osis ous
    sion tion
    """.split()
)
