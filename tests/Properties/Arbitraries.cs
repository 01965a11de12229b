using Instrumentator.Properties;

[assembly: FsCheck.Xunit.Properties(Arbitrary = [typeof(Arbitraries)])]

namespace Instrumentator.Properties;

/// <summary>What a parameter of a <c>[Property]</c> can be: its type gives its meaning.</summary>
public static class Arbitraries
{
    public static Arbitrary<double> Doubles() => Generators.Doubles;

    public static Arbitrary<FiniteDouble> FiniteDoubles() =>
        Generators.FiniteDoubles.Convert(value => new FiniteDouble(value), one => one.Value);

    public static Arbitrary<Fraction> Fractions() =>
        Arb.From(Generators.Fractions.Select(value => new Fraction(value)));

    public static Arbitrary<AnyLong> Longs() => Arb.From(Generators.Longs.Select(value => new AnyLong(value)));

    public static Arbitrary<BucketBounds> BucketBounds() =>
        Arb.From(Generators.BucketLists.Select(bounds => new BucketBounds(bounds)));

    public static Arbitrary<HostileText> HostileTexts() =>
        Generators.Texts.Convert(text => new HostileText(text), one => one.Value);

    public static Arbitrary<MetricName> MetricNames() =>
        Arb.From(Generators.Names.Select(name => new MetricName(name)));

    public static Arbitrary<LabelName> LabelNames() =>
        Arb.From(Generators.LabelNames.Select(name => new LabelName(name)));

    public static Arbitrary<Utf8Name> Utf8Names() => Arb.From(Generators.Utf8Names.Select(name => new Utf8Name(name)));

    public static Arbitrary<AcceptHeader> AcceptHeaders() =>
        Arb.From(Generators.AcceptHeaders.Select(header => new AcceptHeader(header)));

    public static Arbitrary<MethodText> Methods() =>
        Arb.From(Generators.Methods.Select(method => new MethodText(method)));

    public static Arbitrary<RequestFacts> Facts() => Generators.Facts;

    public static Arbitrary<Info> Infos() => Arb.From(Generators.Infos);

    public static Arbitrary<Config> ValidConfigs() => Arb.From(Generators.ValidConfigs);

    public static Arbitrary<AnyConfig> AnyConfigs() =>
        Arb.From(Generators.AnyConfigs.Select(config => new AnyConfig(config)));

    public static Arbitrary<Expression> Expressions() => Generators.Expressions;

    public static Arbitrary<ClashingProgram> ClashingPrograms() =>
        Generators.ClashingPrograms.Convert(program => new ClashingProgram(program), one => one.Value);

    public static Arbitrary<HostileProgram> HostilePrograms() =>
        Arb.From(Generators.HostilePrograms.Select(program => new HostileProgram(program)));

    public static Arbitrary<Snapshot> Snapshots() => Arb.From(Generators.Snapshots);

    public static Arbitrary<WellNamedSnapshot> WellNamedSnapshots() =>
        Arb.From(Generators.WellNamedSnapshots.Select(snapshot => new WellNamedSnapshot(snapshot)));

    public static Arbitrary<Registry> Utf8Registries() => Arb.From(Generators.Utf8Registries);
}

/// <summary>A number that is neither infinite nor NaN.</summary>
public readonly record struct FiniteDouble(double Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>A finite number that is not whole.</summary>
public readonly record struct Fraction(double Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>A 64-bit integer, often extreme.</summary>
public readonly record struct AnyLong(long Value);

/// <summary>Finite upper bounds that rise.</summary>
public sealed record BucketBounds(ValueList<double> Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>Any text at all, such as a client may send.</summary>
public sealed record HostileText(string Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>A valid metric name.</summary>
public sealed record MetricName(string Value);

/// <summary>A valid label name that no format reserves.</summary>
public sealed record LabelName(string Value);

/// <summary>A name of any characters.</summary>
public sealed record Utf8Name(string Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>An <c>Accept</c> header, valid or not.</summary>
public sealed record AcceptHeader(string Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>The method of a request, standard or not.</summary>
public sealed record MethodText(string? Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>Rules of which any may be wrong.</summary>
public sealed record AnyConfig(Config Value);

/// <summary>A program of operations on a registry whose names collide.</summary>
public sealed record ClashingProgram(IReadOnlyList<Operation> Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>A program of operations with names, label values and amounts of any kind.</summary>
public sealed record HostileProgram(IReadOnlyList<Operation> Value)
{
    public override string ToString() => Show.Value(Value);
}

/// <summary>A snapshot whose names every reader accepts.</summary>
public sealed record WellNamedSnapshot(Snapshot Value);
