using System.Text;

namespace Instrumentator.Properties;

/// <summary>The labels and the namespace of a registry.</summary>
public class StaticLabelProps
{
    private static readonly ValueList<Label> _labels = [("service", "orders \"1\""), ("version", "1.2")];

    [Property]
    public void All_series_have_the_static_labels_after_their_own_and_all_names_begin_with_the_namespace(
        HostileProgram program)
    {
        var plain = Program.Run(program.Value, new Registry());
        var all = Program.Run(
            program.Value, new Registry { Namespace = "shop", StaticLabels = _labels });

        var expected = plain.Families.Select(family => new FamilySnapshot(
            family.Definition with
            {
                Name = family.Definition.Name.StartsWith("instrumentator_", StringComparison.Ordinal)
                    ? family.Definition.Name
                    : "shop_" + family.Definition.Name,
                LabelNames = [.. family.Definition.LabelNames, "service", "version"],
            },
            [.. family.Samples.Select(sample => sample with
            {
                Labels = new LabelSet(
                    [.. sample.Labels.Names, "service", "version"],
                    [.. sample.Labels.Values, "orders \"1\"", "1.2"]),
            })]));
        Assert.Equal(expected, all.Families);
    }

    [Fact]
    public async Task Included_collectors_have_the_labels_but_not_the_namespace()
    {
        var other = new Registry { StaticLabels = [("version", "own")] };
        other.Gauge("process_threads", "Threads.", "kind").With("pool").Set(4);
        var registry = new Registry { Namespace = "shop", StaticLabels = _labels };
        registry.Include(new RegistryCollector(other));
        registry.Counter("orders", "Orders.").Increment();
        const string text = """
            # HELP shop_orders_total Orders.
            # TYPE shop_orders_total counter
            shop_orders_total{service="orders \"1\"",version="1.2"} 1
            # HELP process_threads Threads.
            # TYPE process_threads gauge
            process_threads{kind="pool",version="own",service="orders \"1\""} 4

            """;
        Assert.Equal(text, registry.ToText());
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        await ExpositionFormat.Prometheus.WriteAsync(registry, output, TestContext.Current.CancellationToken);
        Assert.Equal(text, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Lookups_over_a_limit_are_counted_with_the_labels()
    {
        var registry = new Registry(seriesLimit: 1) { Namespace = "shop", StaticLabels = [("service", "orders")] };
        var family = registry.Counter("a", "Help.", "x");
        family.With("1").Increment();
        family.With("2").Increment();
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("shop_a_total", "_overflow", "orders"));
        Assert.Equal(
            new SampleValue.Counter(1),
            registry.Scrape().Find("instrumentator_series_dropped_total", "shop_a_total", "orders"));
    }

    [Fact]
    public void The_same_definition_is_the_same_family_and_a_limit_has_the_full_name()
    {
        var registry = new Registry { Namespace = "shop", StaticLabels = [("service", "orders")] };
        registry.LimitSeries("shop_a_total", 1);
        Assert.Same(registry.Counter("a", "Help.", "x"), registry.Counter("a", "Help.", "x"));
        Assert.Equal(["x", "service"], registry.Counter("a", "Help.", "x").Definition.LabelNames);
        Assert.Same(registry.Counter("a", "Help.", "x").With("2"), registry.Counter("a", "Help.", "x").With("2"));
        Assert.True(registry.Counter("a", "Help.", "x").Remove("2"));
    }

    [Fact]
    public void Wrong_options_are_reported_together_at_the_first_registration_and_at_startup()
    {
        var registry = new Registry { Namespace = "my-shop", StaticLabels = [("a b", "1"), ("c", "1"), ("c", "2")] };
        string[] errors =
        [
            "The label name \"a b\" of the registry's StaticLabels is invalid: "
            + "use letters, digits and _, not starting with a digit.",
            "The label name \"c\" of the registry's StaticLabels occurs 2 times: rename or remove all but one.",
            "The namespace \"my-shop\" of the registry is invalid: "
            + "use letters, digits, _ and :, not starting with a digit.",
        ];
        var error = Assert.Throws<InvalidConfigException>(() => registry.Counter("a", "Help."));
        Assert.Equal(errors, error.Errors);
        Assert.Equal(errors, Instrumentation.Default.WithRegistry(registry).Validate().Take(3));
    }

    [Fact]
    public void A_label_that_a_family_has_as_well_is_an_error()
    {
        var registry = new Registry { StaticLabels = [("service", "orders")] };
        var error = Assert.Throws<InvalidConfigException>(() => registry.Counter("a", "Help.", "service"));
        Assert.Equal(
            ["The label name \"service\" of a_total is that of a static label of the registry: "
                + "use another name, or remove the static label."],
            error.Errors);
        Assert.Throws<InvalidConfigException>(() => registry.Gauge("b", "Help.", () => 1, ("service", "1")));
    }

    [Fact]
    public void A_label_that_metrics_about_the_library_have_is_an_error_at_each_registration()
    {
        var registry = new Registry { StaticLabels = [("metric", "1")] };
        for (var i = 0; i < 2; i++)
        {
            var error = Assert.Throws<InvalidConfigException>(() => registry.Counter("a", "Help."));
            Assert.Contains(
                "The label name \"metric\" of instrumentator_series_dropped_total is that of a static label",
                error.Message);
        }
    }

    [Fact]
    public void Wrong_options_are_errors_for_collectors_as_well()
    {
        var registry = new Registry { StaticLabels = [("a-b", "1")] };
        var error = Assert.Throws<InvalidConfigException>(() => registry.IncludeProcess());
        Assert.Contains("The label name \"a-b\" of the registry's StaticLabels is invalid", error.Message);
        Assert.Empty(registry.Scrape().Families);
    }

    private sealed class RegistryCollector(Registry registry) : IMetricCollector
    {
        public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            (await registry.ScrapeAsync(cancellationToken)).Families;
    }
}
