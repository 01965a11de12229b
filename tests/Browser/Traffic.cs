using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Instrumentator.Browser;

/// <summary>Equal requests, and what the app does with them: how long it takes by its clock, and what it
/// answers.</summary>
internal sealed record Traffic(string Method, string Path)
{
    /// <summary>The header of requests that a test sends.</summary>
    public const string Mark = "Traffic";

    private const string None = "-";

    public int Times { get; init; } = 1;

    public double Seconds { get; init; }

    public int Status { get; init; } = 200;

    public int RequestBytes { get; init; }

    public int ResponseBytes { get; init; }

    /// <summary>Whether a held request has a response of server-sent events, which makes it long-lived.</summary>
    public bool IsStream { get; init; }

    /// <summary>The <see cref="HeldRequest"/> that answers; null for an immediate answer.</summary>
    public string? Held { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static Traffic Of(HttpRequest request)
    {
        var parts = request.Headers[Mark].ToString().Split(' ');
        return parts is not [var seconds, var status, var bytes, var stream, var held]
            ? new(request.Method, request.Path)
            : new(request.Method, request.Path)
            {
                Seconds = double.Parse(seconds, CultureInfo.InvariantCulture),
                Status = int.Parse(status, CultureInfo.InvariantCulture),
                ResponseBytes = int.Parse(bytes, CultureInfo.InvariantCulture),
                IsStream = bool.Parse(stream),
                Held = held == None ? null : held,
            };
    }

    public HttpRequestMessage ToMessage(string pathBase)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), pathBase + Path);
        if (RequestBytes > 0)
            message.Content = new ByteArrayContent(new byte[RequestBytes]);
        message.Headers.Add(
            Mark,
            FormattableString.Invariant($"{Seconds} {Status} {ResponseBytes} {IsStream} {Held ?? None}"));
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }
}
