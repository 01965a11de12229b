using System.Reflection;
using System.Reflection.Emit;

namespace Instrumentator.Properties;

/// <summary>Labels that the library itself reads from a request: scheme, protocol version, error type, whether
/// anything handled the request, and the gRPC status.</summary>
public class RequestPartLabelProps
{
    private static readonly (string Protocol, string Label)[] _protocols =
    [
        ("HTTP/1.0", "1.0"), ("HTTP/1.1", "1.1"), ("HTTP/2", "2"), ("HTTP/3", "3"),
        ("HTTP/2.0", ""), ("HTTP/1.1 ", ""), ("SPDY", ""), ("", ""),
    ];

    private static readonly (string Scheme, string Label)[] _schemes =
        [("http", "http"), ("https", "https"), ("HTTPS", "https"), ("ftp", "_OTHER"), ("", "_OTHER")];

    private static readonly (string? Text, string Label)[] _grpcStatuses =
    [
        (null, ""), ("0", "OK"), ("1", "CANCELLED"), ("2", "UNKNOWN"), ("3", "INVALID_ARGUMENT"),
        ("4", "DEADLINE_EXCEEDED"), ("5", "NOT_FOUND"), ("6", "ALREADY_EXISTS"), ("7", "PERMISSION_DENIED"),
        ("8", "RESOURCE_EXHAUSTED"), ("9", "FAILED_PRECONDITION"), ("10", "ABORTED"), ("11", "OUT_OF_RANGE"),
        ("12", "UNIMPLEMENTED"), ("13", "INTERNAL"), ("14", "UNAVAILABLE"), ("15", "DATA_LOSS"),
        ("16", "UNAUTHENTICATED"), ("17", "_OTHER"), ("-1", "_OTHER"), ("0,0", "_OTHER"), ("OK", "_OTHER"),
        ("", "_OTHER"), ("99999999999999999999", "_OTHER"),
    ];

    private static Gen<Exception?> Exceptions => Gen.Elements<Exception?>(
        null, null, new InvalidOperationException(), new IOException(), new TaskCanceledException());

    private static Gen<Request> Requests =>
        from protocol in Gen.Elements(_protocols)
        from scheme in Gen.Elements(_schemes)
        from status in Gen.Elements(0, 200, 404, 499, 500, 503, 599, 600, -1, int.MaxValue)
        from escaped in Exceptions
        from handled in Exceptions
        from isUnhandled in Gen.Elements(true, false)
        from grpc in Gen.Elements(_grpcStatuses)
        select new Request(protocol, scheme, status, escaped, handled, isUnhandled, grpc);

    [Property]
    public Property Each_label_has_a_value_of_its_set() =>
        Prop.ForAll(
            Arb.From(
                from requests in Requests.ListOf()
                from wrapped in Gen.Elements(true, false)
                select (Requests: requests, Wrapped: wrapped)),
            one =>
            {
                var registry = new Registry();
                var metric = Metrics.Requests(new() { Registry = registry, RequestLabels = Labels });
                var recorder = Start(registry, one.Wrapped ? Metrics.From(info => metric(info)) : metric);

                foreach (var request in one.Requests)
                    recorder.Record(recorder.Templated("/"), request.Facts);

                Assert.Equal(
                    one.Requests.Select(request => request.Expected).CountBy(labels => labels).Select(Line).Order(),
                    Series(registry).Order());
            });

    [Fact]
    public void The_gauge_of_requests_in_progress_has_those_that_are_known_when_a_request_begins()
    {
        var registry = new Registry();
        var recorder = new Recorder(
            Instrumentation.Default.WithRegistry(registry).With(config => config with
            {
                InProgress = new() { RequestLabels = [RequestLabel.Scheme, RequestLabel.ProtocolVersion] },
            }),
            (_, _) => { });

        var request = new Request(_protocols[2], _schemes[1], 0, null, null, false, _grpcStatuses[0]);
        recorder.Templated("/").InProgressOf("GET", request.Facts.Exchange)!.Gauge.Increment();

        Assert.Contains(
            "http_requests_inprogress{scheme=\"https\",protocol_version=\"2\"} 1\n",
            registry.ToText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_exception_types_have_values_of_their_own_in_a_registry()
    {
        var registry = new Registry();
        var metric = Metrics.Requests(new() { RequestLabels = [RequestLabel.ErrorType] });
        var (one, again, other) = (Start(registry, metric), Start(registry, metric), Start(new Registry(), metric));
        var exceptions = ExceptionsOfTypes(ErrorTypeValue.MaxTypes + 20);

        foreach (var recorder in new[] { one, again })
        {
            foreach (var exception in exceptions)
                Record(recorder, exception);
        }
        Record(one, new FormatException());
        Record(other, new FormatException());

        Assert.Equal(
            exceptions.Take(100).Select(exception => $"{exception.GetType().FullName} 2").Append("_OTHER 41").Order(),
            Series(registry).Order());
        Assert.Equal(["System.FormatException 1"], Series(other.Registry));
    }

    [Fact]
    public void Known_values_allocate_nothing()
    {
        var recorder = Start(new Registry(), Metrics.Requests(new() { RequestLabels = Labels }));
        var route = recorder.Templated("/");
        RequestFacts[] requests =
        [
            new Request(_protocols[1], _schemes[0], 200, null, null, false, _grpcStatuses[1]).Facts,
            new Request(_protocols[2], _schemes[1], 500, new IOException(), null, false, _grpcStatuses[0]).Facts,
            new Request(_protocols[7], _schemes[3], 404, null, null, true, _grpcStatuses[18]).Facts,
        ];

        AllocationTests.AssertAllocatesNothing(i => recorder.Record(route, requests[i % requests.Length]));
    }

    private static ValueList<RequestLabel> Labels =>
    [
        RequestLabel.Scheme,
        RequestLabel.ProtocolVersion,
        RequestLabel.ErrorType,
        RequestLabel.Unhandled,
        RequestLabel.GrpcStatus,
    ];

    private static Recorder Start(Registry registry, Func<Info, Unit> metric) =>
        new(Instrumentation.Default.WithRegistry(registry).Add(metric), (_, _) => { });

    private static void Record(Recorder recorder, Exception exception) => recorder.Record(
        recorder.Templated("/"), new RequestFacts { Method = "GET", StatusCode = 500, Exception = exception });

    private static Exception[] ExceptionsOfTypes(int count)
    {
        var module = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("Exceptions"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Exceptions");
        return
        [
            .. Enumerable.Range(0, count).Select(i => (Exception)Activator.CreateInstance(
                module.DefineType($"App.Exception{i}", TypeAttributes.Public, typeof(Exception)).CreateType())!),
        ];
    }

    private static IEnumerable<string> Series(Registry registry) =>
        from family in registry.Scrape().Families
        where family.Definition.Name == "http_requests_total"
        from sample in family.Samples
        select Line(KeyValuePair.Create(
            string.Join('|', sample.Labels.Values), (int)((SampleValue.Counter)sample.Value).Value));

    private static string Line(KeyValuePair<string, int> series) => $"{series.Key} {series.Value}";

    /// <summary>A request, with a naive computation of its labels.</summary>
    private sealed record Request(
        (string Text, string Label) Protocol,
        (string Text, string Label) Scheme,
        int Status,
        Exception? Escaped,
        Exception? Handled,
        bool IsUnhandled,
        (string? Text, string Label) Grpc)
    {
        public RequestFacts Facts => new()
        {
            Method = "GET",
            StatusCode = Status,
            Exception = Escaped,
            Exchange = new(this, new Reader()),
        };

        public string Expected =>
            $"{Scheme.Label}|{Protocol.Label}|{ErrorType}|{(IsUnhandled ? "true" : "")}|{Grpc.Label}";

        private bool IsAborted => Status == 499 && Escaped is IOException or TaskCanceledException;

        private string ErrorType =>
            Handled is not null ? Handled.GetType().FullName!
            : Escaped is not null && !IsAborted ? Escaped.GetType().FullName!
            : "";
    }

    private sealed class Reader : ExchangeReader
    {
        public override string Path(object source) => "/";

        public override string Scheme(object source) => ((Request)source).Scheme.Text;

        public override string Protocol(object source) => ((Request)source).Protocol.Text;

        public override string? RequestHeader(object source, string name) => null;

        public override string? ResponseHeader(object source, string name) => null;

        public override ReadOnlyMemory<byte> ResponseBody(object source) => default;

        public override Exception? HandledException(object source) => ((Request)source).Handled;

        public override string? GrpcStatus(object source) => ((Request)source).Grpc.Text;

        public override bool IsUnhandled(object source) => ((Request)source).IsUnhandled;
    }
}
