"""What jobs do for many records: some at a time, and none stops the others."""

import logging

from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as BUSY

_logger = logging.getLogger(__name__)


def halves(records):
    """Return the parts in which records are tried again."""
    middle = len(records) // 2
    return records[:middle], records[middle:]


def apart(records, do, what, parts=halves):
    """Do something for records together, and apart where it fails for some of them.

    What fails is rolled back and logged: with a traceback, unless it says in words for
    people what is wrong.

    :param do: function of records
    :param what: what is done, for the log
    :param parts: function of two or more records, the parts to go on with
    :return: ``{record: error}`` of those it fails for alone
    :raise BUSY: somebody else was faster; nothing more can be done before a rollback of
        the whole transaction
    """
    if not records:
        return {}
    try:
        with records.env.cr.savepoint():
            do(records)
    except BUSY:
        raise
    except Exception as error:  # of any kind: it is not to stop the others
        if len(records) > 1:
            errors = {}
            for part in parts(records):
                errors |= apart(part, do, what, parts)
            return errors
        if isinstance(error, UserError):
            _logger.warning("%s: %s failed: %s", records, what, error)
        else:
            _logger.exception("%s: %s failed", records, what)
        return {records: error}
    return {}


def explain(error):
    """Return what an error says, for people."""
    return str(error) or type(error).__name__


def for_people(records, do, what):
    """Do something that a person chose for records: for all that it can be done for.

    Where it can be done for none, it is not about records, and who has chosen them is
    told so.

    :param do, what: see :func:`apart`
    :return: ``{record: words}`` of those that it fails for
    :raise UserError: where it fails for all
    """
    errors = apart(records, do, what)
    if errors and len(errors) == len(records):
        error = next(iter(errors.values()))
        if isinstance(error, UserError):
            raise error
        raise UserError(explain(error)) from error
    return {record: explain(error) for record, error in errors.items()}


def one_by_one(records, do, what):
    """Do what a person decided on with each of several records; a single one raises.

    :param do: function of a record
    :param what: see :func:`apart`
    :return: ``{record: words}`` of those that it fails for
    """
    if len(records) == 1:
        with records.env.cr.savepoint():  # whoever catches it finds all as it was
            do(records)
        return {}
    errors = {}
    for record in records:
        errors |= apart(record, do, what)
    return {record: explain(error) for record, error in errors.items()}


def in_turn(batches, do, what, parts=halves, failed=None):
    """Do something for one batch of records after the other, each committed by itself,
    for as long as the job may run.

    :param batches: iterable of records; one by one where it is a recordset
    :param do, what, parts: see :func:`apart`
    :param failed: function of a record that it fails for, and of the error
    :return: whether all had their turn; one that somebody else was faster with stays
        for the next call of the job
    """
    batches = list(batches)
    if not batches:
        return True
    cron = batches[0].env["ir.cron"]
    cron._commit_progress(remaining=sum(map(len, batches)))
    for number, batch in enumerate(batches, 1):
        done = len(batch)
        try:
            errors = apart(batch.exists(), do, what, parts)
            for record, error in errors.items() if failed else ():
                failed(record, error)
            batch.env.flush_all()
        except BUSY:
            batch.env.cr.rollback()
            _logger.info("%s: busy, %s waits", batch, what)
            done = 0
        if not cron._commit_progress(done) and number < len(batches):
            return False
    return True
