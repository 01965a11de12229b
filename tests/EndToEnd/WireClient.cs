using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Instrumentator.EndToEnd;

/// <summary>Sends one request as bytes, over HTTP/1.1 or HTTP/2, and counts the bytes that come back after the
/// headers.</summary>
internal static class WireClient
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    /// <summary>A request.</summary>
    /// <param name="Method">Its method.</param>
    /// <param name="Path">Its path.</param>
    /// <param name="Body">Its body; empty for none.</param>
    /// <param name="IsSized">Whether its body has a <c>Content-Length</c>.</param>
    /// <param name="IsTunnel">Whether it asks for another protocol: by an upgrade, or by an extended CONNECT over
    /// HTTP/2.</param>
    public sealed record Request(
        string Method, string Path, string Body = "", bool IsSized = true, bool IsTunnel = false);

    /// <summary>Returns the number of bytes after the headers of the final response, without the framing of
    /// chunks.</summary>
    public static async Task<int> SendAsync(Uri address, bool isHttp2, Request request)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        gone.CancelAfter(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, gone.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(isHttp2 ? Http2(request) : Http1(request), gone.Token);
        return isHttp2 ? await CountDataAsync(stream, gone.Token) : await CountBodyAsync(stream, gone.Token);
    }

    /// <summary>Sends GET requests over HTTP/2 on one connection that takes headers, but not a byte of a
    /// body.</summary>
    public static async Task<TcpClient> StallAsync(Uri address, string path, int requests)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();

        // The setting 4 is the initial window of a stream (RFC 9113, 6.5.2).
        await stream.WriteAsync(
            (byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [0, 4, 0, 0, 0, 0])],
            TestContext.Current.CancellationToken);
        var headers = HeaderBlock(new Request("GET", path));
        for (var i = 0; i < requests; i++)
        {
            await stream.WriteAsync(
                Frame(Headers, EndHeaders | EndStream, 1 + (2 * i), headers), TestContext.Current.CancellationToken);
        }
        return client;
    }

    private static byte[] Http1(Request request)
    {
        var body = request.Body.Length == 0 || request.IsTunnel ? request.Body
            : request.IsSized ? request.Body
            : $"{request.Body.Length:x}\r\n{request.Body}\r\n0\r\n\r\n";
        var framing = request.IsTunnel ? "Connection: Upgrade\r\nUpgrade: echo\r\n"
            : request.Body.Length == 0 ? "Connection: close\r\n"
            : request.IsSized ? $"Connection: close\r\nContent-Length: {request.Body.Length}\r\n"
            : "Connection: close\r\nTransfer-Encoding: chunked\r\n";
        return Encoding.ASCII.GetBytes(
            $"{request.Method} {request.Path} HTTP/1.1\r\nHost: x\r\n{framing}\r\n{body}");
    }

    private static async Task<int> CountBodyAsync(Stream stream, CancellationToken gone)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var (isChunked, count) = (false, 0);
        while (await reader.ReadLineAsync(gone) is { Length: > 0 } header)
            isChunked |= header.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        var rest = await reader.ReadToEndAsync(gone);
        if (!isChunked)
            return rest.Length;
        for (var at = 0; at < rest.Length;)
        {
            var line = rest.IndexOf("\r\n", at, StringComparison.Ordinal);
            var size = int.Parse(rest.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            (count, at) = (count + size, line + 2 + size + 2);
        }
        return count;
    }

    private static byte[] Http2(Request request) =>
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        .. Frame(Settings, 0, 0, []),
        .. Frame(Headers, (byte)(EndHeaders | (request.Body.Length == 0 ? EndStream : 0)), 1, HeaderBlock(request)),
        .. request.Body.Length == 0 ? [] : Frame(Data, EndStream, 1, Encoding.ASCII.GetBytes(request.Body)),
    ];

    private static byte[] HeaderBlock(Request request)
    {
        List<(string Name, string Value)> headers =
        [
            (":method", request.IsTunnel ? "CONNECT" : request.Method),
            (":scheme", "http"),
            (":authority", "x"),
            (":path", request.Path),
        ];
        if (request.IsTunnel)
            headers.Add((":protocol", "echo"));
        else if (request.Body.Length > 0 && request.IsSized)
            headers.Add(("content-length", request.Body.Length.ToString(CultureInfo.InvariantCulture)));

        // Literals without indexing and without Huffman coding (RFC 7541, 6.2.2).
        return [.. headers.SelectMany(header => (byte[])[0, .. Text(header.Name), .. Text(header.Value)])];

        static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static async Task<int> CountDataAsync(Stream stream, CancellationToken gone)
    {
        var (head, count) = (new byte[9], 0);
        while (true)
        {
            await stream.ReadExactlyAsync(head, gone);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await stream.ReadExactlyAsync(payload, gone);
            Assert.NotEqual(GoAway, head[3]);
            if (head[3] == Data)
                count += payload.Length;
            if (head[3] == Reset || head[3] is Data or Headers && (head[4] & EndStream) != 0)
                return count;
        }
    }
}
