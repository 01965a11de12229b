namespace Instrumentator.Properties;

/// <summary>Names of any text.</summary>
internal static partial class Generators
{
    /// <summary>Names that no reader has to be asked for, and those that only some can take.</summary>
    public static Gen<string> Utf8Names =>
        Gen.Frequency(
            (
                3,
                Gen.Elements(
                    "a",
                    "a_b",
                    "a.b",
                    "a-b",
                    "a b",
                    "http.server.requests",
                    "_",
                    "__",
                    "1",
                    "1a",
                    "a1",
                    ":a",
                    "a:b",
                    ".",
                    "..",
                    "_dot_",
                    "a_dot_b",
                    "U__a",
                    "U__a_2e_b",
                    "U__",
                    "_2e_")),
            (
                2,
                Gen.Elements(
                    "\"",
                    "\\",
                    "\n",
                    "\\n",
                    "a\"b",
                    "a\\",
                    "a\nb",
                    "{",
                    "}",
                    "a=\"b\"",
                    ",",
                    "#",
                    " ",
                    "\t",
                    "\r",
                    "\0",
                    "é",
                    "花火",
                    "😀",
                    "a😀b",
                    "\u2028",
                    "\uFEFF",
                    "\uFFFD",
                    "İ",
                    "le.",
                    "..name..",
                    "name")),
            (
                3,
                Gen.Elements("ab12.._-: é\"\\\nU{}=,😀".EnumerateRunes().Select(rune => $"{rune}"))
                    .NonEmptyListOf()
                    .Select(string.Concat)));

    /// <summary>Registries with names of any text and numbers that every format can hold.</summary>
    public static Gen<Registry> Utf8Registries =>
        from families in Gen.Zip(Kinds, Gen.Zip(Utf8Names, Utf8Names.ListOf(2))).NonEmptyListOf()
        from amounts in Gen.Choose(0, 1_000).ListOf(families.Count)
        select Registered(
            families
                .Take(6)
                .Zip(
                    amounts,
                    (family, amount) => (family.Item1, family.Item2.Item1, family.Item2.Item2.ToArray(), amount / 4.0))
        );

    private static Registry Registered(
        IEnumerable<(MetricKind Kind, string Name, string[] Labels, double Amount)> families)
    {
        var registry = new Registry { AllowUtf8Names = true };
        foreach (var (kind, name, labels, amount) in families)
        {
            try
            {
                Write(registry, kind, name, labels, amount);
            }
            catch (Exception refusal) when (refusal is InvalidConfigException or InvalidOperationException)
            {
                // The name is invalid or collides with a registered one: the registry has no such family then.
            }
        }
        return registry;
    }

    private static void Write(Registry registry, MetricKind kind, string name, string[] labels, double amount)
    {
        string[] values = [.. labels.Select(label => label + "\"\\\n")];
        switch (kind)
        {
            case MetricKind.Counter:
                registry.Counter(name, "Help.", labels).With(values).Increment(amount);
                break;
            case MetricKind.Gauge:
                registry.Gauge(name, "Help.", labels).With(values).Set(amount);
                break;
            case MetricKind.Histogram:
                registry.Histogram(name, "Help.", [1, 10], labels).With(values).Observe(amount);
                break;
            default:
                registry.Summary(name, "Help.", labels).With(values).Observe(amount);
                break;
        }
    }
}
