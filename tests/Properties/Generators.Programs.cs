namespace Instrumentator.Properties;

/// <summary>Programs that use a registry, and the snapshots that they leave.</summary>
internal static partial class Generators
{
    // Each name clashes with another one, for some kinds.
    private static readonly string[] _clashingNames =
    [
        "a",
        "a_total",
        "a_sum",
        "a_count",
        "a_bucket",
        "a_created",
        "a_total_total",
        "b",
        "b_total",
        "b_count",
        "c:d",
    ];

    /// <summary>Amounts whose sums are exact in any order, and the three values that are not finite.</summary>
    public static Gen<double> ExactAmounts => Gen.Frequency(
        (8, Gen.Choose(-4_000, 4_000).Select(quarters => quarters / 4.0)),
        (2, Gen.Elements(0, -0.0, 1, 1L << 24, (1L << 24) + 1, -(1L << 24) - 1, 1L << 40, 1 / 1024.0)),
        (1, Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity)));

    // Those that a registry makes.
    public static Gen<MetricKind> Kinds =>
        Gen.Elements(MetricKind.Counter, MetricKind.Gauge, MetricKind.Histogram, MetricKind.Summary);

    /// <summary>Programs over few names, so that families clash and series meet again.</summary>
    public static Arbitrary<IReadOnlyList<Operation>> ClashingPrograms =>
        ListsOf(
            Gen.Frequency(
                (
                    1,
                    DefinitionsOf(
                            Gen.Elements(_clashingNames),
                            Gen.Elements("Help.", "Other help."),
                            Gen.Elements<ValueList<double>>([1, 2], [0.5, 10]))
                        .Select(AsOperation)),
                (4, Writes(Gen.Elements(_clashingNames), ExactAmounts))));

    /// <summary>Any family, under a name that every implementation takes.</summary>
    public static Gen<FamilyDefinition> Definitions =>
        DefinitionsOf(Gen.Elements("a", "a_seconds", "a_total"), Texts.Generator, BucketLists);

    /// <summary>Snapshots of any content that a registry may have: hostile help, label values and numbers.</summary>
    public static Gen<Snapshot> OwnSnapshots =>
        HostilePrograms.Select(program => Program.Run(program, new Registry(seriesLimit: 50)));

    /// <summary>The snapshots of a registry, with the features of other libraries added.</summary>
    public static Gen<Snapshot> Snapshots => WithForeign(OwnSnapshots, Exemplars);

    /// <summary>Snapshots that no linter should mind, but for their help.</summary>
    public static Gen<Snapshot> WellNamedSnapshots =>
        WithForeign(
            SnapshotsOf(Gen.Elements("jobs_seconds", "files_bytes", "load_ratio", "orders_total"), Doubles.Generator),
            ReadableExemplars);

    /// <summary>Programs that leave snapshots with any content.</summary>
    public static Gen<Operation[]> HostilePrograms =>
        from program in ClassicPrograms
        from mixed in WithNatives(program)
        select mixed;

    /// <summary>The same without native histograms.</summary>
    public static Gen<Operation[]> ClassicPrograms =>
        ProgramsOf(Gen.Elements("a_seconds", "b_bytes", "c_total", "d", "e_ratio", "F9:x"), Doubles.Generator);

    /// <summary>Options of native buckets; null for no native buckets.</summary>
    public static Gen<NativeBuckets?> Natives =>
        from schema in Gen.Choose(-4, 8)
        from threshold in Gen.Elements(0, 0, 0.001, 1e300)
        from most in Gen.Elements(1, 5, 160)
        from native in Gen.Elements(
            null,
            new NativeBuckets
            {
                Schema = schema,
                ZeroThreshold = threshold,
                MaxBuckets = most,
            })
        select native;

    private static Gen<Snapshot> SnapshotsOf(Gen<string> names, Gen<double> amounts) =>
        from program in ProgramsOf(names, amounts)
        from mixed in WithNatives(program)
        select Program.Run(mixed, new Registry(seriesLimit: 50));

    private static Gen<Operation[]> ProgramsOf(Gen<string> names, Gen<double> amounts) =>
        from definitions in DefinitionsOf(names, Texts.Generator, BucketLists).NonEmptyListOf()
        from writes in Writes(Gen.Elements(definitions.Select(FullName)), amounts).ListOf()
        select (Operation[])[.. definitions.Select(AsOperation), .. writes];

    public static Gen<FamilyDefinition> DefinitionsOf(
        Gen<string> names,
        Gen<string> helps,
        Gen<ValueList<double>> buckets
    ) =>
        from kind in Kinds
        from name in names
        from help in helps
        from bounds in buckets
        from labels in Gen.Elements<ValueList<string>>([], [], ["x"], ["x", "_y2"])
        select new FamilyDefinition(name, help, kind, labels, kind == MetricKind.Histogram ? bounds : []);

    public static Gen<Operation> Writes(Gen<string> names, Gen<double> amounts) =>
        from name in names
        from values in LabelValues.ListOf(2)
        from amount in amounts
        from otherwise in Gen.Elements(true, false)
        select (Operation)new Operation.Write(name, ValueList.From(values), amount, otherwise);

    // Half of the values come from a short list, in which some are equal once they are cleaned.
    private static Gen<string?> LabelValues => Gen.OneOf(
        Gen.Elements("GET", "", null, "\uD800", "\uDC00", "\uFFFD", "_overflow", "Get"),
        Texts.Generator.Select(text => (string?)text));

    private static Gen<Operation[]> WithNatives(Operation[] program) =>
        from choices in Gen.Zip(Natives, Gen.Elements(true, false)).ListOf(program.Length)
        select (Operation[])
            [
                .. program.Zip(
                    choices,
                    (operation, choice) =>
                        WithNative(operation, choice.Item1, isAlone: choice.Item1 is not null && choice.Item2)),
            ];

    private static Operation WithNative(Operation operation, NativeBuckets? native, bool isAlone) =>
        operation is Operation.Register { Definition: { Kind: MetricKind.Histogram } definition }
            ? new Operation.Register(definition with { Native = native, Buckets = isAlone ? [] : definition.Buckets })
            : operation;

    private static Operation AsOperation(FamilyDefinition definition) => new Operation.Register(definition);

    private static string FullName(FamilyDefinition definition) =>
        definition.Kind == MetricKind.Counter && !definition.Name.EndsWith("_total", StringComparison.Ordinal)
            ? definition.Name + "_total"
            : definition.Name;
}
