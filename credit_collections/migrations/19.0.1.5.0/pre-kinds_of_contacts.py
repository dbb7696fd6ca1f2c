"""What contacts were, said before the field is there: all that went to customers asked
for money, and counted."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        ALTER TABLE collection_interaction
          ADD COLUMN IF NOT EXISTS kind varchar,
          ADD COLUMN IF NOT EXISTS state varchar,
          ADD COLUMN IF NOT EXISTS day date
        """
    )
    cr.execute(
        """
        UPDATE collection_interaction
           SET kind = CASE direction WHEN 'out' THEN 'demand' ELSE 'answer' END,
               state = 'done', day = date::date
         WHERE kind IS NULL
        """
    )
