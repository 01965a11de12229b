// Servers of several processes on few cores: one test after the other keeps a known delay in its bucket.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
