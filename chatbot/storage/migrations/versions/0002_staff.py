"""What staff work with: revisions, drafts, the inbox, accounts, the audit, switches."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_IMMUTABLE = ("revisions", "revision_files", "revision_texts", "audit")
_OTHERS = ("drafts", "exports", "models", "inbox_acts", "reset_links", "staff", "login_failures", "switches")


def upgrade() -> None:
    """Make the tables, and the triggers that refuse to change what must stay as it is."""
    op.add_column("questions", sa.Column("assigned", sa.String(60)))
    _make_inbox_acts()
    _make_revisions()
    _make_work()
    _make_accounts()
    _make_audit()
    _refuse_changes()


def downgrade() -> None:
    """Remove them."""
    for table in (*_OTHERS, "revision_files", "revisions", "revision_texts", "audit"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_column("questions", "assigned")


def _make_inbox_acts() -> None:
    op.create_table(
        "inbox_acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
    )


def _make_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(60), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "revision_texts",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "revision_files",
        sa.Column("revision", sa.Integer(), sa.ForeignKey("revisions.number"), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("revision_texts.digest"), nullable=False),
    )
    op.create_table(
        "exports",
        sa.Column("revision", sa.Integer(), sa.ForeignKey("revisions.number"), primary_key=True),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
    )


def _make_work() -> None:
    op.create_table(
        "models",
        sa.Column("kind", sa.String(60), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("parent", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
    )


def _make_accounts() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(200), nullable=False, unique=True),
        sa.Column("password", sa.String(200)),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reset_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("staff", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "login_failures",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sqlite_autoincrement=True,
    )


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME; END $$"
        )
        for table in _IMMUTABLE:
            op.execute(
                f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in _IMMUTABLE:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_stay_{act.lower()} BEFORE {act} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, 'rows of {table} are never changed or removed'); END"
            )
