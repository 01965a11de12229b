namespace Instrumentator.Properties.Reference;

public class ExactDecimalTests
{
    [Theory]
    [InlineData(0.5, "5", 1)]
    [InlineData(2.675, "267499999999999982236431605997495353221893310546875", 50)]
    [InlineData(0.1, "1000000000000000055511151231257827021181583404541015625", 55)]
    [InlineData(1e22, "10000000000000000000000", 0)]
    [InlineData(0, "0", 0)]
    public void Expand_returns_all_digits_of_a_double(double value, string digits, int decimals) =>
        Assert.Equal((digits, decimals), ExactDecimal.Expand(value));

    [Fact]
    public void The_smallest_double_has_1074_decimals() =>
        Assert.Equal(1074, ExactDecimal.Expand(double.Epsilon).Decimals);
}
