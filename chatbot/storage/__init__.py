"""The database: what was asked, what staff published, who they are. SQLAlchemy and Alembic live only here."""
