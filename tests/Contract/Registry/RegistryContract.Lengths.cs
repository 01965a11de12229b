using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Label values have a maximum length, because clients choose some of them.</summary>
public abstract partial class RegistryContract
{
    private static readonly string[] _pieces = ["a", "é", "€", "\\", "\"", "\n", "…", "😀", "\uD83D", "\uDE00"];

    [Property]
    public Property A_label_value_is_kept_up_to_its_maximum_length_and_ends_in_an_ellipsis_beyond_it() =>
        Prop.ForAll(
            Arb.From(
                from length in Gen.Choose(NaiveRegistry.MaxLength - 40, NaiveRegistry.MaxLength + 10)
                from end in Gen.Elements(_pieces).ListOf(40)
                select new string('/', length - 30) + string.Concat(end)),
            text =>
            {
                var registry = New();
                Family[] families =
                [
                    registry.Counter("a", "Help.", "x"),
                    registry.Gauge("b", "Help.", "x"),
                    registry.Histogram("c", "Help.", [1], "x"),
                    registry.Summary("d", "Help.", "x"),
                ];
                foreach (var family in families)
                    Assert.Same(family.Find([text]), family.Find([NaiveRegistry.Kept(text)]));
                Assert.Equal(
                    families.Select(_ => NaiveRegistry.Kept(text)),
                    registry.Scrape().Families.Select(family => family.Samples.Single().Labels.Values.Single()));
            });

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Long_values_with_the_same_beginning_share_a_series_and_totals_stay_exact(int seriesLimit)
    {
        var registry = New(seriesLimit);
        var family = registry.Counter("a", "Help.", "x");
        var beginning = new string('/', 8_000);
        for (var i = 0; i < 20; i++)
        {
            family.With($"{beginning}{i}").Increment();
            family.With($"{beginning}\uD83D{i}").Increment();
            family.With($"{i}").Increment();
        }

        var samples = FamiliesOf(registry.Scrape()).Single().Samples;
        Assert.Equal(60, samples.Sum(ValueOf));
        Assert.Equal(40, ValueOf(samples.Single(sample => sample.Labels.Values[0] == NaiveRegistry.Kept(beginning))));
        Assert.Equal(seriesLimit + 1, samples.Count);
    }

    [Fact]
    public void Threads_that_add_the_last_series_together_all_get_it()
    {
        const int Rounds = 20_000;
        var registry = New(seriesLimit: 1);
        var family = registry.Counter("a", "Help.", "x");
        family.With("first").Increment();
        family.With("over the limit").Increment();

        using var round = new Barrier(
            2, barrier => registry.LimitSeries("a_total", 2 + (int)barrier.CurrentPhaseNumber));
        Threads.Run(2, _ =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                round.SignalAndWait();
                family.With($"{i}").Increment();
            }
        });

        Assert.Equal(1, DroppedOf(registry.Scrape())["a_total"]);
    }
}
