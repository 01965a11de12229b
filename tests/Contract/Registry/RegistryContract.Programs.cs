namespace Instrumentator.Properties;

/// <summary>Any sequence of operations leaves the same metrics as in the naive registry.</summary>
public abstract partial class RegistryContract
{
    [Property(MaxTest = 1_000)]
    public void Any_program_leaves_the_same_metrics_as_in_the_naive_registry(ClashingProgram operations)
    {
        var (registry, naive) = (New(seriesLimit: 3), NewNaive(seriesLimit: 3));
        var program = new Program(registry);
        foreach (var operation in operations.Value)
        {
            program.Run(operation);
            naive.Run(operation);
        }
        Assert.Equal(naive.Refusals, program.Refusals);
        AssertSame(naive, registry);
    }

    [Property]
    public void Two_scrapes_without_a_write_between_them_are_equal(ClashingProgram operations)
    {
        var registry = New();
        Assert.Equal(Program.Run(operations.Value, registry), registry.Scrape());
    }

    [Fact]
    public void A_snapshot_does_not_change_when_cells_do()
    {
        var registry = New();
        var counter = registry.Counter("a_total", "Help.");
        var before = registry.Scrape();
        counter.Increment();
        Assert.Equal(new SampleValue.Counter(0), before.Find("a_total"));
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("a_total"));
    }

    [Property(MaxTest = 100)]
    public void The_same_writes_leave_the_same_values_from_several_threads_as_from_one(ClashingProgram operations)
    {
        // Setting a gauge is the only write whose result depends on the order.
        Operation[] registrations =
        [
            .. operations.Value.OfType<Operation.Register>().Where(one => one.Definition.Kind != MetricKind.Gauge),
        ];
        Operation[] writes = [.. operations.Value.OfType<Operation.Write>()];
        var (alone, together) = (New(), New());
        Program.Run([.. registrations, .. writes, .. writes, .. writes], alone);

        var program = new Program(together);
        Array.ForEach(registrations, program.Run);
        Threads.Run(3, _ => Array.ForEach(writes, program.Run));
        Assert.Equal(ByLabels(alone.Scrape()), ByLabels(together.Scrape()));
    }

    // Only the order of the series may differ.
    private static IEnumerable<(string Name, string Labels, SampleValue Value)> ByLabels(Snapshot snapshot) =>
        from family in snapshot.Families
        from sample in family.Samples.OrderBy(sample => sample.Labels.ToString(), StringComparer.Ordinal)
        select (family.Definition.Name, sample.Labels.ToString(), sample.Value);
}
