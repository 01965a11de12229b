using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

public class RoundingProps
{
    private static Gen<int> Decimals => Gen.Frequency(
        (6, Gen.Choose(0, 12)),
        (2, Gen.Choose(-25, 25)),
        (1, Gen.Choose(-400, 400)),
        (1, Gen.Elements(int.MinValue, int.MaxValue, 323, 324, -308, -309)));

    [Theory]
    [InlineData(2.675, 2, 2.67)]
    [InlineData(4.35, 1, 4.3)]
    [InlineData(0.0005, 3, 0.001)]
    [InlineData(0.0025, 3, 0.003)]
    [InlineData(0.12345, 4, 0.1235)]
    [InlineData(5e-05, 4, 0.0001)]
    [InlineData(0.00025, 4, 0.0003)]
    [InlineData(2.5e-05, 5, 3e-05)]
    [InlineData(1.0000015, 6, 1.000001)]
    [InlineData(0.5, 0, 0.0)]
    [InlineData(1.5, 0, 2.0)]
    [InlineData(2.5, 0, 2.0)]
    [InlineData(-2.5, 0, -2.0)]
    [InlineData(-0.4, 0, -0.0)]
    [InlineData(5.0, -1, 0.0)]
    [InlineData(15.0, -1, 20.0)]
    [InlineData(0.12345, 20, 0.12345)]
    [InlineData(double.Epsilon, 323, 0.0)]
    [InlineData(double.Epsilon, 324, double.Epsilon)]
    [InlineData(1e308, -308, 1e308)]
    [InlineData(1e308, -309, 0.0)]
    [InlineData(double.NaN, 2, double.NaN)]
    [InlineData(double.PositiveInfinity, 2, double.PositiveInfinity)]
    public void Known_cases_match_Python(double value, int decimals, double expected)
    {
        Assert.Equal(
            BitConverter.DoubleToInt64Bits(expected),
            BitConverter.DoubleToInt64Bits(Rounding.Round(value, decimals)));
        Assert.Equal(
            BitConverter.DoubleToInt64Bits(expected),
            BitConverter.DoubleToInt64Bits(ExactDecimal.Round(value, decimals)));
    }

    [Property(MaxTest = 5_000)]
    public Property Rounding_matches_exact_decimal_arithmetic() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.Doubles.Generator, Decimals), Shrink), pair => Assert.Equal(
            BitConverter.DoubleToInt64Bits(ExactDecimal.Round(pair.Item1, pair.Item2)),
            BitConverter.DoubleToInt64Bits(Rounding.Round(pair.Item1, pair.Item2))));

    [Property(MaxTest = 3_000)]
    public Property Rounding_twice_changes_nothing() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.Doubles.Generator, Decimals), Shrink), pair =>
        {
            var once = Rounding.Round(pair.Item1, pair.Item2);
            Assert.Equal(once, Rounding.Round(once, pair.Item2));
        });

    [Property(MaxTest = 3_000)]
    public Property Rounding_is_monotonic() =>
        Prop.ForAll(
            Arb.From(
                from near in Generators.FiniteDoubles.Generator
                from other in Gen.OneOf(
                    Generators.FiniteDoubles.Generator,
                    Gen.Constant(Math.BitIncrement(near)),
                    Gen.Constant(near + 1e-5))
                from decimals in Decimals
                select (Low: Math.Min(near, other), High: Math.Max(near, other), Decimals: decimals)),
            pair => Assert.True(Rounding.Round(pair.Low, pair.Decimals) <= Rounding.Round(pair.High, pair.Decimals)));

    private static IEnumerable<(double, int)> Shrink((double Value, int Decimals) pair) =>
        Generators.Doubles.Shrinker(pair.Value).Select(value => (value, pair.Decimals)).Concat(
            pair.Decimals == 0 ? [] : [(pair.Value, pair.Decimals / 2)]);
}
