// OpenTelemetry collects from all meters of a name in the process, so the apps of two tests must not run at once.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
