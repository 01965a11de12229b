using Xunit.Sdk;
using Xunit.v3;

// Tests start several servers on few cores. One test at a time keeps a known delay in its bucket.
[assembly: Parallelization(Mode = ParallelMode.None)]
