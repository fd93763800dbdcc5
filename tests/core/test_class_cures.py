from supervisor.core.class_cures import cure
from supervisor.core.models import ErrorClass


def test_every_class_that_a_task_can_fail_with_has_a_cure_of_its_own() -> None:
    named = [one for one in ErrorClass if one not in (ErrorClass.OPERATOR, ErrorClass.UNKNOWN)]
    told = {cure(one) for one in [*named, "aborted"]}
    assert len(told) == len(named) + 1
    assert cure("no such class") == cure(ErrorClass.UNKNOWN)
