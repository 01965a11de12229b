// Tests start several servers on few cores. One test at a time keeps a known delay in its bucket.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
