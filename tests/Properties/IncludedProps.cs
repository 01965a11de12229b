using System.Buffers;

namespace Instrumentator.Properties;

/// <summary>Families of included collectors follow the registry's own families, and only if no name occurs
/// twice.</summary>
public sealed class IncludedProps
{
    [Property]
    public Property A_name_that_is_there_twice_fails_a_scrape_before_anything_is_written() =>
        Prop.ForAll(Arb.From(Gen.Three(Generators.ClashingPrograms.Generator)), async programs =>
        {
            var (registry, first, second) = (new Registry(), new Registry(), new Registry());
            FamilySnapshot[][] families =
            [
                Run(programs.Item1, registry),
                Run(programs.Item2, first),
                Run(programs.Item3, second),
            ];
            registry.Include(new Families(families[1])).Include(new Families(families[2]));

            var output = new ArrayBufferWriter<byte>();
            var clash = await Record.ExceptionAsync(async () =>
                await ExpositionFormat.Prometheus.WriteAsync(
                    registry,
                    output,
                    TestContext.Current.CancellationToken));

            Assert.Equal(Clash(families), clash is not null);
            Assert.Equal(clash?.Message, Record.Exception(registry.Scrape)?.Message);
            var expected = clash is null ? Text([.. families.SelectMany(one => one)]) : [];
            Assert.Equal(expected, output.WrittenSpan.ToArray());
        });

    [Fact]
    public async Task A_clash_shows_both_definitions()
    {
        var registry = new Registry();
        registry.Counter("a", "Ours.");
        registry.Include(new Families([new(new("a_created", "Theirs.", MetricKind.Gauge, [], []), [])]));

        var clash = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await ExpositionFormat.Prometheus.WriteAsync(
                registry,
                new ArrayBufferWriter<byte>(),
                TestContext.Current.CancellationToken));

        Assert.Contains("Registered: Counter a_total \"Ours.\"", clash.Message, StringComparison.Ordinal);
        Assert.Contains("Included: Gauge a_created \"Theirs.\"", clash.Message, StringComparison.Ordinal);
    }

    private static FamilySnapshot[] Run(IEnumerable<Operation> program, Registry registry) =>
        [.. Program.Run(program, registry).Families];

    private static bool Clash(FamilySnapshot[][] sources)
    {
        var names = sources.Select(families =>
            families.SelectMany(family => family.Definition.SampleNames).Distinct(StringComparer.Ordinal));
        return names
            .SelectMany(name => name)
            .GroupBy(name => name, StringComparer.Ordinal)
            .Any(group => group.Count() > 1);
    }

    private static byte[] Text(ValueList<FamilySnapshot> families)
    {
        var output = new ArrayBufferWriter<byte>();
        ExpositionFormat.Prometheus.Write(new Snapshot(families), output);
        return output.WrittenSpan.ToArray();
    }

    private sealed class Families(FamilySnapshot[] families) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(ValueList.Create(families));
    }
}
