using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Instrumentator.EndToEnd.Edge;

/// <summary>Each row of the table of the server in docs/edge.md: what the client gets, what is recorded, and which of
/// Kestrel's metrics tells.</summary>
public sealed class ServerTests
{
    private const string Closed = "closed";

    private static readonly Dictionary<string, string[]> _rows = EdgeTable.Below("## The server");

    private static readonly Dictionary<string, Case> _cases = new(StringComparer.Ordinal)
    {
        ["A request line that is not HTTP"] = new("rubbish\r\n\r\n"),
        ["An invalid header, or no Host"] = new("GET /items/5 HTTP/1.1\r\n\r\n"),
        ["The target * with another method than OPTIONS"] = new("GET * HTTP/1.1\r\nHost: x\r\n\r\n"),
        ["An unknown version of HTTP"] = new("GET /items/5 HTTP/9.9\r\nHost: x\r\n\r\n"),
        ["A request line over MaxRequestLineSize"] = new($"GET /{new string('x', 10_000)} HTTP/1.1\r\n\r\n"),
        ["Headers over MaxRequestHeadersTotalSize"] =
            new($"GET /items/5 HTTP/1.1\r\nHost: x\r\nX: {new string('x', 40_000)}\r\n\r\n"),
        ["Headers slower than RequestHeadersTimeout"] = new("GET /items/5 HTTP/1.1\r\n")
        {
            Kestrel = options => options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1),
        },
        ["HTTP/1.1 on a port for HTTP/2 only"] = new("GET /items/5 HTTP/1.1\r\nHost: x\r\n\r\n")
        {
            Listen = listen => listen.Protocols = HttpProtocols.Http2,
        },
        ["A violation of HTTP/2"] = new("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish, and much more of it")
        {
            Listen = listen => listen.Protocols = HttpProtocols.Http2,
        },
        ["A TLS handshake that fails"] = new("GET /items/5 HTTP/1.1\r\nHost: x\r\n\r\n")
        {
            Listen = listen => listen.UseHttps(Certificate()),
        },
        ["A connection over MaxConcurrentConnections"] = new("GET /items/5 HTTP/1.1\r\nHost: x\r\n\r\n")
        {
            Kestrel = options => options.Limits.MaxConcurrentConnections = 1,
            Connections = 2,
        },
        ["A body over MaxRequestBodySize"] =
            new("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n")
            {
                Kestrel = options => options.Limits.MaxRequestBodySize = 1000,
            },
        ["A body slower than MinRequestBodyDataRate"] =
            new("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\nx")
            {
                Kestrel = options =>
                    options.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, TimeSpan.FromSeconds(1.5)),
            },
        ["A body in invalid chunks"] =
            new("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nrubbish\r\n"),
    };

    public static TheoryData<string> Rows => [.. _rows.Keys];

    [Fact]
    public void Each_row_has_a_case() => Assert.Equal(_rows.Keys, _cases.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_the_server_answers_is_recorded_as_the_table_says(string row)
    {
        var it = _cases[row];
        using var kestrel = new KestrelMetrics();

        var (answer, records) = await EdgeApp.RunAsync(
            app => app.UseInstrumentator(),
            builder => builder.WebHost.ConfigureKestrel(options =>
            {
                it.Kestrel(options);
                options.Listen(IPAddress.Loopback, 0, it.Listen);
            }),
            async (app, _) => (Status: await it.SendAsync(app.Address()), app.Address().Port));

        Assert.Equal(_rows[row][0], answer.Status);
        Assert.Equal(_rows[row][1], records is [var record] ? record.Split(' ')[0] : EdgeTable.Nothing);
        Assert.Equal(_rows[row][2], kestrel.FailuresOf(answer.Port));
        if (records is [var recorded])
            Assert.EndsWith($" {answer.Status}", recorded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_the_app_does_not_read_and_an_Expect_header_change_nothing()
    {
        var it = new Case(
            "GET /items/5 HTTP/1.1\r\nHost: x\r\nExpect: anything\r\nConnection: close\r\nContent-Length: 2000\r\n\r\n");

        var (status, records) = await EdgeApp.RunAsync(
            app => app.UseInstrumentator(),
            builder => builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = 1000),
            (app, _) => it.SendAsync(app.Address()));

        Assert.Equal("200", status);
        Assert.Equal(["/items/{id} GET 200"], records);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Bytes that a client sends, to a server with some settings.</summary>
    private sealed record Case(string Sent)
    {
        public Action<KestrelServerOptions> Kestrel { get; init; } = _ => { };

        public Action<ListenOptions> Listen { get; init; } = _ => { };

        /// <summary>The number of connections. The last one sends.</summary>
        public int Connections { get; init; } = 1;

        /// <summary>Returns the status of the answer; without one, that the server closed the connection.</summary>
        public async Task<string> SendAsync(Uri address)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var first = new TcpClient();
            if (Connections > 1)
                await OccupyAsync(first, address, deadline.Token);
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, deadline.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Sent), deadline.Token);
            return await StatusAsync(stream, deadline.Token);
        }

        // Answered, so that it counts by now.
        private static async Task OccupyAsync(TcpClient client, Uri address, CancellationToken stop)
        {
            await client.ConnectAsync(address.Host, address.Port, stop);
            await client.GetStream().WriteAsync("GET /unmeasured HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), stop);
            await client.GetStream().ReadExactlyAsync(new byte[12], stop);
        }

        private static async Task<string> StatusAsync(Stream stream, CancellationToken stop)
        {
            using var answer = new MemoryStream();
            try
            {
                await stream.CopyToAsync(answer, stop);
            }
            catch (IOException)
            {
                // A connection that was reset may have had an answer.
            }
            return Encoding.Latin1.GetString(answer.ToArray()) is ['H', 'T', 'T', 'P', ..] text ? text[9..12] : Closed;
        }
    }

    /// <summary>The measurements of Kestrel's own meter that tell a failure.</summary>
    private sealed class KestrelMetrics : IDisposable
    {
        private readonly ConcurrentQueue<(int? Port, string Metric)> _failures = [];
        private readonly MeterListener _listener = new();

        public KestrelMetrics()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Microsoft.AspNetCore.Server.Kestrel")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.Start();
        }

        public string FailuresOf(int port) => string.Join(
            ", ", _failures.Where(failure => failure.Port == port).Select(failure => failure.Metric).Distinct());

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = tags.ToArray().ToDictionary(StringComparer.Ordinal);
            var port = values.GetValueOrDefault("server.port") as int?;
            if (instrument.Name == "kestrel.rejected_connections")
                _failures.Enqueue((port, instrument.Name));
            else if (values.GetValueOrDefault("error.type") is string error)
                _failures.Enqueue((port, instrument.Name == "kestrel.connection.duration" ? error : instrument.Name));
        }
    }
}
