using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Instrumentator.Tests;

/// <summary>A request as bytes, and the way to read its answer.</summary>
/// <param name="Name">The name of the kind.</param>
/// <param name="IsHttp2">Whether it goes to the port for HTTP/2.</param>
/// <param name="Bytes">Returns the bytes for a target.</param>
public sealed record RawRequest(string Name, bool IsHttp2, Func<string, byte[]> Bytes)
{
    private const string Body = "0123456789";

    public static RawRequest[] All { get; } =
    [
        Http1("GET", target => Head("GET", target)),
        Http1("HEAD", target => Head("HEAD", target)),
        Http1("POST", target => Head("POST", target, $"Content-Length: {Body.Length}") + Body),
        Http1("chunked", target =>
            Head("POST", target, "Transfer-Encoding: chunked") + $"a\r\n{Body}\r\n0\r\n\r\n"),
        Http1("expect", target =>
            Head("POST", target, $"Content-Length: {Body.Length}", "Expect: 100-continue") + Body),
        Http1("upgrade", target =>
            $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nping\r\n\r\n"),
        Http1("pipelined", target => $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n" + Head("GET", target)),
        Http2("GET", ""),
        Http2("HEAD", ""),
        Http2("POST", Body),
    ];

    public override string ToString() => Name;

    private static RawRequest Http1(string name, Func<string, string> text) =>
        new($"HTTP/1.1 {name}", false, target => Encoding.ASCII.GetBytes(text(target)));

    private static RawRequest Http2(string method, string body) =>
        new($"HTTP/2 {method}", true, target => Http2Frames.Request(method, target, body));

    private static string Head(string method, string target, params string[] headers) =>
        string.Join("\r\n", [$"{method} {target} HTTP/1.1", "Host: x", "Connection: close", .. headers, "", ""]);
}

/// <summary>Sends bytes to a server and returns the answer as text, without the time of day.</summary>
internal static partial class RawClient
{
    public static async Task<string> SendAsync(IPEndPoint server, RawRequest request, string target)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync(server, timeout.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(request.Bytes(target), timeout.Token);
        var answer = request.IsHttp2
            ? await Http2Frames.ReadAsync(stream, timeout.Token)
            : await ReadToEndAsync(stream, timeout.Token);
        return Time().Replace(answer, "<time>");
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, cancellationToken);
        }
        catch (IOException)
        {
            // The server resets a connection whose response broke off. What came before counts.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    [GeneratedRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT", RegexOptions.NonBacktracking)]
    private static partial Regex Time();
}

/// <summary>A request as HTTP/2 frames, and the frames of its answer.</summary>
internal static class Http2Frames
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte InitialWindowSize = 4;
    private const byte GoAway = 7;
    private const byte WindowUpdate = 8;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    // More than any answer.
    private static readonly byte[] _window = [0, 0x10, 0, 0];

    public static byte[] Request(string method, string target, string body)
    {
        byte[] headers =
        [
            .. Field(":method", method), .. Field(":scheme", "http"), .. Field(":path", target),
            .. Field(":authority", "x"),
        ];
        var last = body.Length == 0 ? EndStream : (byte)0;
        return
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            .. Frame(Settings, 0, 0, [0, InitialWindowSize, .. _window]),
            .. Frame(WindowUpdate, 0, 0, _window),
            .. Frame(Headers, (byte)(EndHeaders | last), 1, headers),
            .. body.Length == 0 ? [] : Frame(Data, EndStream, 1, Encoding.ASCII.GetBytes(body)),
        ];
    }

    /// <summary>Returns the header blocks, the data and the end of the stream. How data is cut into frames depends on
    /// time, and so does how much of it leaves before a reset.</summary>
    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var (headers, data, header) = (new StringBuilder(), new StringBuilder(), new byte[9]);
        while (await TryReadAsync(stream, header, cancellationToken))
        {
            var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            if (!await TryReadAsync(stream, payload, cancellationToken))
                break;
            var type = header[3];
            if (type is Reset or GoAway)
                return $"{headers}<{type} {payload[^1]}>";
            if (type is Headers or Data)
                (type == Data ? data : headers).Append('[').Append(Encoding.Latin1.GetString(payload)).Append(']');
            if (type is Headers or Data && (header[4] & EndStream) != 0)
                return $"{headers}{data.Replace("][", "")}<end>";
        }
        return $"{headers}<closed>";
    }

    private static async Task<bool> TryReadAsync(Stream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // A literal without indexing, with a new name (RFC 7541, 6.2.2).
    private static byte[] Field(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private static byte[] Frame(byte type, byte flags, byte streamId, byte[] payload) =>
        [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, streamId, .. payload];
}
