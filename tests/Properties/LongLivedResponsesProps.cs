using Microsoft.Extensions.Primitives;

namespace Instrumentator.Properties;

/// <summary>Which content types are those of streams: told text by text, whatever came before, and whether or not a
/// text is an object that came before.</summary>
public sealed class LongLivedResponsesProps
{
    private static readonly ValueList<string> _streams = ["text/event-stream", "application/grpc"];

    private static readonly string[] _types =
    [
        "",
        "text/plain",
        "TEXT/Event-Stream; charset=utf-8",
        "text/event-stream",
        "text/event-strea",
        "application/json",
        "application/grpc-web",
        "application/json; charset=utf-8",
    ];

    private static readonly Gen<List<(string Type, bool IsNew)>> _responses = (
        from type in Gen.Elements(_types)
        from isNew in Gen.Elements(false, true)
        select (type, isNew)
    ).ListOf();

    [Property]
    public Property A_content_type_is_told_whatever_came_before() =>
        Prop.ForAll(Arb.From(_responses), responses =>
        {
            var told = new LongLivedResponses(_streams);
            Assert.All(
                responses,
                one =>
                    Assert.Equal(IsStream(one.Type), told.IsStream(one.IsNew ? new string(one.Type) : one.Type)));
        });

    [Fact]
    public void Content_types_in_ever_new_strings_are_recognized()
    {
        var told = new LongLivedResponses(_streams);
        Assert.All(
            Enumerable.Range(0, 5_000),
            i =>
                Assert.Equal(
                    IsStream(_types[i % _types.Length]),
                    told.IsStream(new string(_types[i % _types.Length]))));
    }

    [Fact]
    public void A_missing_content_type_is_no_stream_and_several_values_are_one_text()
    {
        var longLived = new LongLivedResponses(_streams);
        Assert.False(longLived.IsStream(default));
        Assert.False(longLived.IsStream(StringValues.Empty));
        Assert.True(longLived.IsStream(new StringValues(["text/event-stream", "text/plain"])));
        Assert.False(longLived.IsStream(new StringValues(["text/plain", "text/event-stream"])));
    }

    private static bool IsStream(string type) =>
        _streams.Any(stream =>
            type.ToUpperInvariant().StartsWith(stream.ToUpperInvariant(), StringComparison.Ordinal));
}
