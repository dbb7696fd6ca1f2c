from engine.exposure.aging import bucket_names


def test_buckets_follow_each_other_without_a_gap():
    assert bucket_names((0, 30, 60)) == [(None, 0), (1, 30), (31, 60), (61, None)]
