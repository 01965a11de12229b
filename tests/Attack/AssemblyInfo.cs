// They measure memory, and each of them takes all processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
