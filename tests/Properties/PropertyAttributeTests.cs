namespace Instrumentator.Properties;

public class PropertyAttributeTests
{
    [Theory]
    [InlineData(300, null, 300)]
    [InlineData(300, "", 300)]
    [InlineData(300, "50", 50)]
    [InlineData(10, "50", 10)]
    public void An_environment_variable_limits_the_number_of_cases(int cases, string? max, int expected) =>
        Assert.Equal(expected, PropertyAttribute.CasesOf(cases, max));

    [Fact]
    public void A_text_is_shown_with_special_characters_escaped()
    {
        Assert.Equal("\"a\\\"\\u0000\\uD800\"", new HostileText("a\"\0\uD800").ToString());
        Assert.Equal("[0.1, -0]", new BucketBounds([0.1, -0.0]).ToString());
    }
}
