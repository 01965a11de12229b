using Xunit.Sdk;
using Xunit.v3;

// OpenTelemetry collects from all meters of a name in the process, so the apps of two tests must not run at once.
[assembly: Parallelization(Mode = ParallelMode.None)]
