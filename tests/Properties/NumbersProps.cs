using System.Globalization;
using System.Text;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

public class NumbersProps
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(1e-09, "1e-09")]
    [InlineData(1e-05, "1e-05")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.0001234, "0.0001234")]
    [InlineData(0.005, "0.005")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0, "1.0")]
    [InlineData(2.5, "2.5")]
    [InlineData(10.0, "10.0")]
    [InlineData(999999.0, "999999.0")]
    [InlineData(1e6, "1e+06")]
    [InlineData(1234567.5, "1.2345675e+06")]
    [InlineData(1e10, "1e+10")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e100, "1e+100")]
    [InlineData(-1.0, "-1.0")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Known_upper_bounds_are_written_as_in_Go(double bound, string expected)
    {
        Assert.Equal(expected, Numbers.UpperBound(bound));
        Assert.Equal(expected, ShortestNumber.Of(bound));
    }

    [Property(MaxTest = 3_000)]
    public void An_upper_bound_reads_back_as_the_same_number_and_is_the_shortest_that_does(FiniteDouble bound)
    {
        var text = Numbers.UpperBound(bound.Value);
        Assert.Equal(bound.Value, double.Parse(text, CultureInfo.InvariantCulture));
        Assert.Equal(ShortestNumber.Of(bound.Value), text);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.0, "1")]
    [InlineData(-1.0, "-1")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(9007199254740991.0, "9007199254740991")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Known_values_have_the_expected_text(double value, string expected) =>
        Assert.Equal(expected, Written(value));

    [Property(MaxTest = 3_000)]
    public void A_value_fits_and_reads_back_as_the_same_number(FiniteDouble value)
    {
        var read = double.Parse(Written(value.Value), CultureInfo.InvariantCulture);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value.Value), BitConverter.DoubleToInt64Bits(read));
    }

    [Property(MaxTest = 50_000)]
    public void A_fraction_is_written_as_the_framework_writes_it(Fraction value) =>
        Assert.Equal(value.Value.ToString(CultureInfo.InvariantCulture), Written(value.Value));

    // The framework writes the other numbers with the same result, so no other test shows which path a number takes.
    [Property(MaxTest = 20_000)]
    public void The_fast_path_writes_fractions_of_at_least_a_256th_except_powers_of_two(Fraction fraction)
    {
        var value = fraction.Value;
        Span<byte> target = stackalloc byte[Numbers.MaxBytes];
        var isPower = Math.Pow(2, Math.Round(Math.Log2(Math.Abs(value)))) == Math.Abs(value);
        Assert.Equal(Math.Abs(value) >= 1.0 / 256 && !isPower, Fractions.TryWrite(value, target, out var written));
        Assert.Equal(
            written > 0 ? value.ToString(CultureInfo.InvariantCulture) : "",
            Encoding.ASCII.GetString(target[..written]));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.0078125)]
    [InlineData(0.0039062499999999996)]
    [InlineData(4503599627370496.0)]
    [InlineData(9007199254740993e20)]
    public void The_fast_path_declines_other_numbers(double value) =>
        Assert.False(Fractions.TryWrite(value, stackalloc byte[Numbers.MaxBytes], out _));

    [Theory]
    [InlineData(1.00000762939453125, "1.0000076293945312")] // Two 17-digit numbers are equally near; the even one wins.
    [InlineData(1.00002288818359375, "1.0000228881835938")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(4503599627370495.5, "4503599627370495.5")]
    [InlineData(999999999999999.9, "999999999999999.9")]
    [InlineData(-0.00390625, "-0.00390625")] // The smallest number with its last bit at 2^-60, and its neighbors.
    [InlineData(0.003906250000000001, "0.003906250000000001")]
    [InlineData(0.003906249999999999, "0.003906249999999999")]
    public void Known_fractions_have_the_expected_text(double value, string expected) =>
        Assert.Equal(expected, Written(value));

    [Property]
    public void A_count_fits_and_reads_back_as_the_same_number(AnyLong number)
    {
        var count = number.Value;
        Span<byte> target = stackalloc byte[Numbers.MaxBytes];
        Assert.Equal(count, long.Parse(target[..Numbers.Write(count, target)], CultureInfo.InvariantCulture));
    }

    private static string Written(double value)
    {
        Span<byte> target = stackalloc byte[Numbers.MaxBytes];
        return Encoding.ASCII.GetString(target[..Numbers.Write(value, target)]);
    }
}
