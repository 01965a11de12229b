using System.Globalization;

namespace Instrumentator.Properties;

/// <summary>All generators, weighted towards edge cases. This part: names, texts and numbers.</summary>
internal static partial class Generators
{
    /// <summary>Names that are valid for metrics and, without the colon, for labels.</summary>
    public static Gen<string> Names =>
        from first in Gen.Elements("abcXYZ_".ToCharArray())
        from rest in Gen.Elements("abcxyzABC019_".ToCharArray()).ArrayOf()
        select first + new string(rest);

    /// <summary>Valid label names that no format reserves.</summary>
    public static Gen<string> LabelNames => Names.Select(name => "l" + name);

    /// <summary>Texts that have broken a reader or a writer.</summary>
    public static IReadOnlyList<string> NastyTexts { get; } =
    [
        "",
        " ",
        "\t",
        " lead",
        "trail ",
        "\"",
        "\\",
        "\n",
        "\\n",
        "\\\\n",
        "\\\"",
        "\"\n\\",
        "\r",
        "\r\n",
        "\0",
        "a\0b",
        "\u2028",
        "\u0085",
        "\uFEFF",
        "\uFFFD",
        "\uD800",
        "\uDC00",
        "\uDC00\uD800",
        "a\uD800",
        "\uD800\uD800\uDC00",
        "😀",
        "é",
        "e\u0301",
        "ı",
        "İ",
        "{a=\"b\"}",
        ",",
        "}",
        "#",
        "# TYPE a counter",
        "none",
        "_overflow",
        "_OTHER",
        "+Inf",
        "NaN",
        new('x', 5_000),
        string.Concat(Enumerable.Repeat("\\\"\n", 700)),
    ];

    /// <summary>Any text at all, for label values and help.</summary>
    public static Arbitrary<string> Texts =>
        Arb.From(
            Gen.Frequency(
                (3, Gen.Elements<string>(NastyTexts)),
                (
                    3,
                    Gen.Elements("ab\"\\\n\r\0\uD800\uDC00 ".ToCharArray())
                        .ArrayOf()
                        .Select(chars => new string(chars))),
                (
                    2,
                    Gen.Choose(0, char.MaxValue)
                        .ArrayOf()
                        .Select(codes => string.Concat(codes.Select(code => (char)code)))),
                (1, Gen.Two(Gen.Elements<string>(NastyTexts)).Select(pair => pair.Item1 + pair.Item2))),
            ShrinkText);

    /// <summary>Any 64-bit integers, often extreme or small.</summary>
    public static Gen<long> Longs => Gen.Frequency(
        (2, Gen.Elements(0, 1, -1, long.MinValue, long.MinValue + 1, long.MaxValue, long.MaxValue - 1)),
        (1, Gen.Elements(int.MaxValue, int.MinValue, 1L << 24, (1L << 24) + 1, 1L << 53)),
        (2, Gen.Choose(-1_000, 1_000_000).Select(number => (long)number)),
        (1, AnyLongs));

    private static Gen<long> AnyLongs =>
        Gen.Two(Gen.Choose(int.MinValue, int.MaxValue))
            .Select(halves => ((long)halves.Item1 << 32) | (uint)halves.Item2);

    /// <summary>Numbers whose decimal text is a tie between two decimals, and their neighbors.</summary>
    public static Gen<double> Ties =>
        from whole in Gen.Choose(0, 100_000)
        from power in Gen.Choose(-12, 6)
        from step in Gen.Choose(-1, 1)
        from sign in Gen.Elements(1.0, -1.0)
        let tie = double.Parse(
            string.Create(CultureInfo.InvariantCulture, $"{whole}5E{power}"),
            CultureInfo.InvariantCulture)
        select sign
            * (
                step < 0 ? Math.BitDecrement(tie)
                : step > 0 ? Math.BitIncrement(tie)
                : tie);

    /// <summary>Multiples of a power of two, some of which are exact ties in binary, too.</summary>
    public static Gen<double> Dyadics =>
        from numerator in Gen.Choose(-1_000_000, 1_000_000)
        from power in Gen.Choose(0, 30)
        select numerator * Math.Pow(2, -power);

    /// <summary>Doubles that are special in binary or in text.</summary>
    public static Gen<double> SpecialDoubles =>
        Gen.Elements(
            0.0,
            -0.0,
            1,
            -1,
            0.1,
            0.5,
            1.5,
            2.5,
            2.675,
            4.35,
            1.0000015,
            0.30000000000000004,
            0.1 + 0.2,
            Math.PI,
            123_456.7,
            double.Epsilon,
            -double.Epsilon,
            2.2250738585072014E-308,
            2.225073858507201E-308,
            double.MaxValue,
            double.MinValue,
            1L << 53,
            (1L << 53) + 2.0,
            -(1L << 53),
            (1L << 53) - 1,
            1L << 54,
            1e15,
            1e16,
            1e17,
            1e21,
            1e22,
            1e23,
            999_999,
            1e6,
            0.0001,
            0.00001,
            1e-9,
            1e-22,
            1e-23);

    /// <summary>Any finite double.</summary>
    public static Arbitrary<double> FiniteDoubles => Arb.From(
        Gen.Frequency(
            (3, SpecialDoubles),
            (3, Ties),
            (2, Dyadics),
            (2, Longs.Select(BitConverter.Int64BitsToDouble).Select(number => double.IsFinite(number) ? number : 0.1))),
        ShrinkNumber);

    /// <summary>Fractions of any size between those of a clock and those without a place behind the point: of any bits,
    /// of few, and near to short decimals.</summary>
    public static Gen<double> Fractions =>
        Gen.OneOf(
                from bits in AnyLongs
                from exponent in Gen.Choose(-20, 52)
                select BitConverter.Int64BitsToDouble((bits & ~(0x7FFL << 52)) | ((exponent + 1023L) << 52)),
                from bits in Gen.Choose(0, 1 << 20)
                from shift in Gen.Choose(0, 30)
                select bits / (double)(1L << shift),
                from digits in AnyLongs
                from decimals in Gen.Choose(1, 18)
                from steps in Gen.Choose(-3, 3)
                select Near((double)(digits / (decimal)Math.Pow(10, decimals)), steps))
            .Where(number => number != Math.Truncate(number));

    /// <summary>What is no number, in several ways: of either sign, quiet or not, with something in its other bits. The
    /// last one is how Prometheus marks series that ended.</summary>
    public static Gen<double> Nans =>
        Gen.Elements(
            double.NaN,
            BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000),
            BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001),
            BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001),
            BitConverter.Int64BitsToDouble(-1),
            BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0002));

    /// <summary>Any double.</summary>
    public static Arbitrary<double> Doubles =>
        Arb.From(
            Gen.Frequency(
                (1, Gen.OneOf(Gen.Elements(double.PositiveInfinity, double.NegativeInfinity), Nans)),
                (6, FiniteDoubles.Generator)),
            ShrinkNumber);

    /// <summary>Valid upper bounds of a histogram: finite, rising, at least one.</summary>
    public static Gen<ValueList<double>> BucketLists =>
        FiniteDoubles.Generator.NonEmptyListOf().Select(bounds => ValueList.From(bounds.Take(12).Distinct().Order()));

    private static double Near(double value, int steps) => steps switch
    {
        > 0 => Near(double.BitIncrement(value), steps - 1),
        < 0 => Near(double.BitDecrement(value), steps + 1),
        _ => value,
    };

    /// <summary>Lists that shrink by dropping items, one half first.</summary>
    public static Arbitrary<IReadOnlyList<T>> ListsOf<T>(Gen<T> items) =>
        Arb.From(items.ListOf().Select(list => (IReadOnlyList<T>)list), ShrinkList);

    public static IEnumerable<IReadOnlyList<T>> ShrinkList<T>(IReadOnlyList<T> list)
    {
        for (var size = list.Count / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= list.Count; start += size)
                yield return [.. list.Take(start), .. list.Skip(start + size)];
        }
    }

    private static IEnumerable<string> ShrinkText(string text) =>
        ShrinkList(text.ToCharArray())
            .Select(chars => string.Concat(chars))
            .Concat(
                text.Length < 20
                    ? Enumerable
                        .Range(0, text.Length)
                        .Where(i => text[i] != 'a')
                        .Select(i => text[..i] + "a" + text[(i + 1)..])
                    : []);

    // Shrinks towards short decimals near zero, never to a longer one.
    private static IEnumerable<double> ShrinkNumber(double number)
    {
        var length = number.ToString("R", CultureInfo.InvariantCulture).Length;
        return new[] { 0, 1, Math.Abs(number), Math.Truncate(number), number / 2, number / 10 }
            .Where(candidate => candidate.ToString("R", CultureInfo.InvariantCulture).Length < length);
    }
}
