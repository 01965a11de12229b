using System.Globalization;

namespace Instrumentator.Properties;

/// <summary>The rules of the method and status labels.</summary>
public class LabelProps
{
    /// <summary>The methods that are labels in every app.</summary>
    public static string[] StandardMethods { get; } =
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"];

    private static readonly Config _grouped = Config.Default;
    private static readonly Config _single = Config.Default with { GroupStatusCodes = false };

    public static TheoryData<int> FarStatuses =>
        [int.MinValue, int.MinValue + 1, -2_147_483_448, 2_147_483_447, int.MaxValue - 1, int.MaxValue];

    [Fact]
    public void Statuses_are_grouped_by_their_first_digit_from_100_to_599()
    {
        for (var status = -1_000; status <= 2_000; status++)
        {
            var text = status.ToString(CultureInfo.InvariantCulture);
            var isStatus = text.Length == 3 && "12345".Contains(text[0], StringComparison.Ordinal);
            Assert.Equal(isStatus ? text[0] + "xx" : "other", StatusLabel.Of(status, _grouped));
            Assert.Equal(isStatus ? text : "other", StatusLabel.Of(status, _single));
            Assert.Equal(StatusLabel.Of(status, _grouped), StatusLabel.Group(text));
            Assert.Equal(StatusLabel.Of(status, _grouped), StatusLabel.Group(StatusLabel.Of(status, _single)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_group_of_its_own_for_client_aborts_changes_no_other_status(bool grouped)
    {
        var (before, after) = (
            Config.Default with
            {
                GroupStatusCodes = grouped,
            },
            Config.Default with
            {
                GroupStatusCodes = grouped,
                ClientAborts = ClientAborts.OwnGroup,
            });
        for (var status = -1_000; status <= 2_000; status++)
            Assert.Equal(status == 499 ? "499" : StatusLabel.Of(status, before), StatusLabel.Of(status, after));
    }

    [Theory]
    [MemberData(nameof(FarStatuses))]
    public void Statuses_far_away_are_other(int status) =>
        Assert.Equal(("other", "other"), (StatusLabel.Of(status, _grouped), StatusLabel.Of(status, _single)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0xx")]
    [InlineData("6xx")]
    [InlineData("2XX")]
    [InlineData("2x")]
    [InlineData("2xxx")]
    [InlineData("20")]
    [InlineData("2000")]
    [InlineData("20x")]
    [InlineData("2x0")]
    [InlineData("2/0")]
    [InlineData("20:")]
    [InlineData("２００")]
    [InlineData("200 ")]
    public void A_text_that_is_no_status_and_no_group_is_other(string? status) =>
        Assert.Equal("other", StatusLabel.Group(status));

    [Property(MaxTest = 1_000)]
    public Property Grouping_a_status_twice_changes_nothing() =>
        Prop.ForAll(
            Arb.From(
                Gen.OneOf<string?>(
                    Generators.Texts.Generator.OrNull()!,
                    Gen.Elements<string?>(
                        "1xx",
                        "5xx",
                        "6xx",
                        "0xx",
                        "2XX",
                        "2x",
                        "2xxx",
                        "other",
                        "20",
                        "2000",
                        "20x",
                        "２００",
                        "200 "),
                    Gen.Elements("0123456789x".ToCharArray()).ArrayOf(3).Select(chars => (string?)new string(chars)))),
            status => Assert.Equal(StatusLabel.Group(status), StatusLabel.Group(StatusLabel.Group(status))));

    [Property(MaxTest = 1_000)]
    public void A_method_label_is_the_first_of_the_set_that_differs_in_case_at_most_or_else_the_other_one(
        MethodText text, Config config)
    {
        var method = text.Value;
        string[] set = [.. StandardMethods, .. config.ExtraMethods];
        Assert.Equal(
            set.FirstOrDefault(known => method is not null && Lower(known) == Lower(method)) ?? "_OTHER",
            MethodLabel.Of(method, config));
    }

    [Fact]
    public void A_method_label_does_not_depend_on_the_string_instance()
    {
        const string method = "get";
        var config = Config.Default with { ExtraMethods = [method] };
        Assert.Equal(MethodLabel.Of(new string(method.AsSpan()), config), MethodLabel.Of(method, config));
    }

    [Fact]
    public void A_method_label_is_never_null() =>
        Assert.Equal("_OTHER", MethodLabel.Of(null, Config.Default with { ExtraMethods = [null!] }));

    // Letters of ASCII only: methods are tokens, and a Kelvin sign is no K.
    private static string Lower(string text) =>
        string.Concat(text.Select(c => c is >= 'A' and <= 'Z' ? (char)(c | 32) : c));
}
