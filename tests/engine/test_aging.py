from engine.aging import bucket_names, bucket_of


def test_the_due_date_itself_is_not_late():
    assert bucket_of(0) == 0


def test_the_first_day_after_the_due_date_is_late():
    assert bucket_of(1) == 1


def test_borders_belong_to_the_younger_bucket():
    assert [bucket_of(days) for days in (30, 31, 60, 61, 120, 121)] == [
        1,
        2,
        2,
        3,
        4,
        5,
    ]


def test_buckets_follow_each_other_without_a_gap():
    assert bucket_names((0, 30, 60)) == [(None, 0), (1, 30), (31, 60), (61, None)]
