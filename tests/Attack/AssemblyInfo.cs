using Xunit.Sdk;
using Xunit.v3;

// They measure memory, and each of them takes all processors.
[assembly: Parallelization(Mode = ParallelMode.None)]
