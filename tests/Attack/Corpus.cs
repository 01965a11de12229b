namespace Instrumentator.Attack;

/// <summary>What hostile and broken clients send: the same inputs at each run.</summary>
internal static class Corpus
{
    private const string Close = "Host: x\r\nConnection: close\r\n";

    private static readonly string[] _methods =
    [
        "GET",
        "POST",
        "HEAD",
        "OPTIONS",
        "PUT",
        "DELETE",
        "PATCH",
        "CONNECT",
        "TRACE",
        "QUERY",
        "PROPFIND",
        "M-SEARCH",
        "get",
        "gEt",
        "FOO",
        "_OTHER",
        "",
        " ",
        "G ET",
        "GET\t",
        "GE\0T",
        "G\u00c9T",
        "PRI",
        "\r\nGET",
        "GET(",
        "{method}",
        new('A', 200),
        new('A', 20_000),
    ];

    private static readonly string[] _targets =
    [
        "/",
        "/plain",
        "/PLAIN",
        "/plain/",
        "//plain",
        "///",
        "/./plain",
        "/../plain",
        "/items/../plain",
        "/%2e%2e/plain",
        "/items/a%2Fb",
        "/items/%00",
        "/items/%",
        "/items/%zz",
        "/items/%e2%82",
        "/items/%C0%AE",
        "/items/%F0%9F%98%80",
        "/items/%ED%A0%80",
        "/items/%0A",
        "/items/%0d%0aX:%20y",
        "/items/%22%5C%0A",
        "/items/\"\\",
        "/items/{id}",
        "/items/",
        "/numbers/5",
        "/numbers/0",
        "/numbers/-1",
        "/numbers/99999999999999999999",
        "/numbers/x",
        "/code/abc",
        "/code/abcd",
        "/code/%61bc",
        "/rest",
        "/rest/",
        "/rest/a/b/c",
        "/rest//",
        "/rest/%2F%2F",
        "/stream",
        "/boom",
        "/late-boom",
        "/wait",
        "/abort",
        "/upgrade",
        "/head",
        "/status/204",
        "/status/304",
        "/status/599",
        "/status/200",
        "/status/1000",
        "/Branch/items/5",
        "/branch/items/5",
        "/BRANCH",
        "/Branch//items/5",
        "/nowhere",
        "/nowhere/%41",
        "/nowhere/\u00e9",
        "/nowhere/%C3%A9",
        "/nowhere/%22",
        "/nowhere/\\",
        "/%7Bid%7D",
        "/none",
        "/.",
        "/..",
        "/...",
        "/;x=1",
        "/plain;x=1",
        "/plain?x=1",
        "/plain?" + new string('a', 5_000),
        "/plain?%00=%zz",
        "/plain#fragment",
        "/plain?a=" + new string('&', 2_000),
        "*",
        "plain",
        "",
        "?x",
        "\0",
        "/pl\0ain",
        "/pl ain",
        "/plain\u00ff",
        "http://x/plain",
        "http://other:99999/plain",
        "http://[::1]/plain",
        "http://x:x/plain",
        "https://user:pass@x/plain",
        "http:///plain",
        "http://",
        "ftp://x/plain",
        "x:80",
        "[::1]:80",
        "x",
        ":80",
        "/" + new string('a', 300),
        "/" + new string('a', 8_000),
        "/" + new string('a', 100_000),
        "/items/" + new string('%', 500),
        "/" + string.Concat(Enumerable.Repeat("a/", 1_000)),
        "/rest/" + string.Concat(Enumerable.Repeat("../", 500)),
        "/metrics",
        "/metrics/",
        "/METRICS",
        "//metrics",
        "/metrics%2F",
        "/metrics?name[]=",
    ];

    private static readonly string[] _versions =
    [
        "HTTP/1.0",
        "HTTP/2.0",
        "HTTP/3",
        "HTTP/0.9",
        "HTTP/9.9",
        "HTTP/1.",
        "HTTP/11",
        "http/1.1",
        "",
        "HTTP/1.1 ",
        "HTTP/1.1\0",
        "XTTP/1.1",
    ];

    private static readonly string[] _headers =
    [
        "Host: y\r\n",
        "Host:\r\n",
        "Host: x:99999\r\n",
        "Host: [\r\n",
        "Host: a b\r\n",
        "Accept: */*\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: abc\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 9223372036854775807\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA\r\n",
        "Connection: keep-alive, close, upgrade\r\n",
        "Connection: \r\n",
        "Expect: 100-continue\r\n",
        "Expect: 200-ok\r\n",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n",
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-01\r\n",
        "traceparent: garbage\"\\\r\n",
        "traceparent: " + new string('f', 3_000) + "\r\n",
        "tracestate: a=b,\"\r\n",
        "baggage: " + new string('=', 500) + "\r\n",
        "Request-Id: |x.\r\n",
        "X: " + new string('x', 30_000) + "\r\n",
        "X: " + new string('x', 100_000) + "\r\n",
        new string('x', 5_000) + ": y\r\n",
        string.Concat(Enumerable.Repeat("X: y\r\n", 90)),
        string.Concat(Enumerable.Repeat("X: y\r\n", 5_000)),
        "No colon\r\n",
        ": no name\r\n",
        " folded: x\r\n",
        "X: a\r\n b\r\n",
        "X: \0\r\n",
        "X: \u00e9\u00ff\r\n",
        "X\u00e9: y\r\n",
        "X: y\n",
        "X: y\r",
        "X : y\r\n",
        "Content-Type: \r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=\r\n",
        "Content-Encoding: gzip\r\n",
        "Range: bytes=0-\r\n",
        "If-None-Match: *\r\n",
        "Cookie: " + new string(';', 5_000) + "\r\n",
        "X-HTTP-Method-Override: DELETE\r\n",
        "X-Original-URL: /admin\r\n",
        "X-Forwarded-For: " + new string('1', 500) + "\r\n",
        "X-Forwarded-Prefix: /evil\r\n",
    ];

    private static readonly string[] _bodies =
    [
        "",
        "a",
        "abc",
        "3\r\nabc\r\n0\r\n\r\n",
        "zz\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "-1\r\n",
        "FFFFFFFFFFFFFFFFF\r\n",
        "7fffffff\r\nabc",
        "0\r\nX: y\r\n\r\n",
        "0\r\n\r\nGET /plain HTTP/1.1\r\nHost: x\r\n\r\n",
        "3;x=y\r\nabc\r\n0\r\n\r\n",
        "3;" + new string('x', 5_000) + "\r\nabc\r\n0\r\n\r\n",
        "1\r\na\r\n1\r\nb",
        "\0\0\0",
        new('x', 5_000),
        string.Concat(Enumerable.Repeat("1\r\na\r\n", 500)) + "0\r\n\r\n",
        "a=b&a=b&%zz=%00",
        string.Concat(Enumerable.Repeat("a=b&", 2_000)),
    ];

    private static readonly string[] _scrapeHeaders =
    [
        "",
        "Accept: text/plain\r\n",
        "Accept: text/plain;version=0.0.4\r\n",
        "Accept: application/openmetrics-text;version=1.0.0\r\n",
        "Accept: application/openmetrics-text;version=9.9.9,*/*;q=0\r\n",
        "Accept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited\r\n",
        "Accept: application/vnd.google.protobuf;proto=x\r\n",
        "Accept: *\r\n",
        "Accept:\r\n",
        "Accept: ,,,;;;===\"\"\"\r\n",
        "Accept: text/plain;q=NaN\r\n",
        "Accept: text/plain;q=1e400,application/openmetrics-text;q=-1\r\n",
        "Accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8\r\n",
        "Accept: text/plain;version=1.0.0;escaping=values\r\n",
        "Accept: text/plain;escaping=dots\r\n",
        "Accept: text/plain;escaping=\"\\\"\\\\\"\r\n",
        "Accept: " + new string('"', 20_000) + "\r\n",
        "Accept: " + new string(',', 20_000) + "\r\n",
        string.Concat(Enumerable.Repeat("Accept: text/plain;q=0.5\r\n", 80)),
        "Accept: text/\u00e9\r\n",
        "Accept: */*;q=0.0000000000000000000001\r\n",
        "Accept-Encoding: gzip\r\n",
        "Accept-Encoding: gzip;q=0\r\n",
        "Accept-Encoding: x-GZIP\r\n",
        "Accept-Encoding: *;q=0, identity;q=0\r\n",
        "Accept-Encoding: br, zstd, gzip;q=0.001\r\n",
        "Accept-Encoding: " + new string(';', 10_000) + "\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: 0\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: -5\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: 1e308\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: NaN\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: 0.0000001\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: " + new string('9', 5_000) + "\r\n",
        "X-Prometheus-Scrape-Timeout-Seconds: 5\r\nX-Prometheus-Scrape-Timeout-Seconds: 6\r\n",
        "Range: bytes=0-10\r\n",
        "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
        "Content-Length: 5\r\n\r\nhello",
        "Expect: 100-continue\r\n",
    ];

    private static readonly string[] _queries =
    [
        "",
        "?name[]=http_requests_total",
        "?name[]=http_requests_total&name[]=none",
        "?name[]",
        "?name[]=%00",
        "?name%5B%5D=http_request_duration_seconds_bucket",
        "?name[]=%zz%",
        "?&&&===",
        "?name[]=" + new string('x', 5_000),
        "?" + string.Concat(Enumerable.Repeat("name[]=a&", 700)),
        "?NAME[]=x",
        "?name[]=%F0%9F%98%80&name[]=instrumentator_registry_series",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Input> All { get; } =
    [
        .. _targets.Select(target => Request("GET", target)),
        .. _methods.SelectMany(
            method => new[] { "/plain", "/echo", "/nowhere", "/metrics" },
            (method, target) => Request(method, target)),
        .. _versions.Select(version => Input.Of($"GET /plain {version}\r\n{Close}\r\n")),
        .. _headers.SelectMany(
            header => new[] { "GET /plain", "POST /echo", "GET /metrics", "GET /upgrade", "PUT /form" },
            (header, line) => Input.Of($"{line} HTTP/1.1\r\nHost: x\r\n{header}\r\n")),
        .. _bodies.SelectMany(
            body => new[] { "Transfer-Encoding: chunked", "Content-Length: 3", "Content-Length: 5000", "X: y" },
            (body, header) => Input.Of($"POST /echo HTTP/1.1\r\n{Close}{header}\r\n\r\n{body}")),
        .. _bodies.Select(body =>
            Input.Of(
                $"POST /ignores-the-body HTTP/1.1\r\n{Close}Content-Length: 5000\r\n\r\n{body}",
                Manner.HalfClosed)),
        .. _scrapeHeaders.Select(header => Scrape("", header)),
        .. _queries.Select(query => Scrape(query, "")),
        .. Enum.GetValues<Manner>()
            .SelectMany(
                manner => new[] { "/plain", "/wait", "/stream", "/late-boom", "/metrics", "/items/x" },
                (manner, target) => Request("GET", target, manner)),
        .. Enum.GetValues<Manner>()
            .Select(manner => Input.Of($"POST /echo HTTP/1.1\r\n{Close}Content-Length: 100\r\n\r\nabc", manner)),
        .. Pipelined(),
        .. NoRequests(),
        .. Combined(300),
    ];

    /// <summary>Texts that mutations put in.</summary>
    public static IReadOnlyList<string> Tokens { get; } =
    [
        "\r\n",
        "\r\n\r\n",
        "\n",
        "\r",
        "\0",
        " ",
        "\t",
        ":",
        "/",
        "//",
        "..",
        "%",
        "%00",
        "%2F",
        "?",
        "#",
        "*",
        "HTTP/1.1",
        "HTTP/1.0",
        "GET ",
        "POST ",
        "/metrics",
        "/plain",
        "/echo",
        "/items/",
        "/branch/",
        "0\r\n\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n",
        "Connection: keep-alive\r\n",
        "Host: z\r\n",
        "\u00ff\u00fe",
        "\"",
        "\\",
        ",",
        ";q=0",
        "name[]=",
        "999999999999",
        "-1",
        "NaN",
        "+Inf",
        .. _headers.Where(header => header.Length < 100),
    ];

    private static Input Request(string method, string target, Manner manner = Manner.Whole) =>
        Input.Of($"{method} {target} HTTP/1.1\r\n{Close}\r\n", manner);

    private static Input Scrape(string query, string headers) =>
        Input.Of($"GET /metrics{query} HTTP/1.1\r\n{Close}{headers}\r\n");

    private static IEnumerable<Input> Pipelined()
    {
        string[] lines =
        [
            "GET /plain",
            "HEAD /metrics",
            "GET /metrics",
            "GET /nowhere",
            "GET /boom",
            "GET /stream",
            "FOO /items/1",
            "GET /late-boom",
            "GET /abort",
            "GET //",
        ];
        foreach (var line in lines)
        {
            yield return Input.Of(string.Concat(Enumerable.Repeat($"{line} HTTP/1.1\r\nHost: x\r\n\r\n", 20)));
            yield return Input.Of(
                $"GET /plain HTTP/1.1\r\nHost: x\r\n\r\n{line} HTTP/1.1\r\nHost: x\r\n\r\nGET /plain "
                    + $"HTTP/1.1\r\n{Close}\r\n",
                Manner.Pieces);
        }
    }

    private static IEnumerable<Input> NoRequests() =>
        [
            Input.Of(""),
            Input.Of("\r\n"),
            Input.Of("\r\n\r\n\r\n"),
            Input.Of("\0"),
            Input.Of("G"),
            Input.Of("GET"),
            Input.Of("GET /"),
            Input.Of("GET / HTTP/1.1"),
            Input.Of("GET / HTTP/1.1\r\n"),
            Input.Of("GET / HTTP/1.1\r\nHost"),
            Input.Of("GET /\r\n\r\n"),
            Input.Of("GET / HTTP/1.1\n\n"),
            Input.Of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"),
            Input.Of("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
            Input.Of("SSH-2.0-x\r\n"),
            Input.Of("NONSENSE\r\n\r\n"),
            Input.Of(new string('\r', 5_000)),
            Input.Of(new string('A', 200_000)),
            Input.Of(new string('\n', 50_000)),
        ];

    private static IEnumerable<Input> Combined(int count)
    {
        var random = new Random(1);
        string Any(string[] of) => of[random.Next(of.Length)];
        for (var i = 0; i < count; i++)
        {
            var target = random.Next(4) == 0 ? "/metrics" + Any(_queries) : Any(_targets);
            var headers = Any(_headers) + (random.Next(2) == 0 ? Any(_headers) : Any(_scrapeHeaders));
            yield return Input.Of(
                $"{Any(_methods)} {target} HTTP/1.1\r\n{(random.Next(3) == 0 ? "Host: x\r\n" : Close)}{headers}\r\n{Any(_bodies)}",
                (Manner)random.Next(6));
        }
    }
}
