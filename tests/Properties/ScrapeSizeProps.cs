using System.Buffers;
using System.Globalization;

namespace Instrumentator.Properties;

/// <summary>The limit of a scrape's size, against the sizes of scrapes without a limit.</summary>
public sealed class ScrapeSizeProps
{
    private static readonly string[] _labels = [.. Enumerable.Range(0, 30).Select(label => $"x{label}")];

    // For each family, the lengths of the label values of its series. The text of one may exceed a part of a message.
    private static readonly Gen<IList<IList<int>>> _families = Gen.OneOf(Gen.Choose(0, 50), Gen.Choose(0, 30_000))
        .ListOf(6)
        .Select(IList<int> (lengths) => lengths)
        .ListOf(4)
        .Select(IList<IList<int>> (families) => families);

    [Property(MaxTest = 60)]
    public Property Up_to_the_limit_a_scrape_is_whole_and_beyond_it_the_error_names_the_largest_family() =>
        Prop.ForAll(
            Arb.From(_families),
            Arb.From(Gen.Elements([.. ExpositionFormat.All])),
            Arb.From(Gen.Choose(1, 600)),
            (families, format, percent) =>
            {
                var registry = RegistryOf(families);
                var whole = Written(format, registry, null);
                var sizes = families.Select((_, i) => Written(format, registry, i).Length).ToArray();
                var max = Math.Max((long)whole.Length * percent / 100, 1);

                using var buffer = new PooledBuffer();
                var error = Record.Exception(() =>
                    Wait(format.WriteAsync(registry, buffer, null, new ScrapeSize(max), () => default, default)));

                if (whole.Length <= max)
                {
                    Assert.Null(error);
                    Assert.Equal(whole, buffer.Pieces.SelectMany(piece => piece.ToArray()));
                    return;
                }
                Assert.IsType<InvalidOperationException>(error);
                Assert.Contains(Number(max), error.Message, StringComparison.Ordinal);
                if (whole.Length > 4 * max)
                {
                    Assert.StartsWith("The scrape has more than ", error.Message, StringComparison.Ordinal);
                    return;
                }
                Assert.StartsWith(
                    $"The scrape has {Number(whole.Length)} bytes", error.Message, StringComparison.Ordinal);

                // The end of a text belongs to its last family.
                var largest = sizes.Index().Where(size => size.Item > sizes.Max() - 7).Select(size => Name(size.Index));
                Assert.Contains(largest, name =>
                    error.Message.Contains($"largest family is {name} with ", StringComparison.Ordinal));
            });

    [Property(MaxTest = 20)]
    public Property Beyond_the_limit_nothing_is_kept(PositiveInt series) =>
        Prop.ForAll(Arb.From(Gen.Elements([.. ExpositionFormat.All])), format =>
        {
            var size = new ScrapeSize(100_000);
            using var buffer = new PooledBuffer(size);
            var registry = RegistryOf([[.. Enumerable.Repeat(7_000, 20 + series.Get)]]);

            Assert.Throws<InvalidOperationException>(() =>
                Wait(format.WriteAsync(registry, buffer, null, size, () => default, default)));
            Assert.InRange(buffer.Length, 0, 200_000);
        });

    private static Registry RegistryOf(IList<IList<int>> families)
    {
        var registry = new Registry();
        foreach (var (index, lengths) in families.Index())
        {
            var family = registry.Histogram(Name(index), "Help.", (ValueList<double>)[0.1, 1, 10], _labels);
            foreach (var (series, length) in lengths.Index())
                family.With(ValuesOf(series, length)).Observe(series);
        }
        return registry;
    }

    // The text of all values together has a length, since single values are cut.
    private static string[] ValuesOf(int series, int length)
    {
        var values = new string[_labels.Length];
        Array.Fill(values, new string('v', length / _labels.Length));
        values[0] += series;
        return values;
    }

    private static string Name(int family) => $"family{family}_seconds";

    private static byte[] Written(ExpositionFormat format, Registry registry, int? family)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var names = family is { } index ? new HashSet<string>(StringComparer.Ordinal) { Name(index) } : null;
        Wait(format.WriteAsync(registry, buffer, names));
        return buffer.WrittenSpan.ToArray();
    }

    // The registry has no collectors, so it is written synchronously.
    private static void Wait(ValueTask written)
    {
        Assert.True(written.IsCompleted);
        written.GetAwaiter().GetResult();
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
