using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Tests;

#pragma warning disable CA1835, CA1859, CA2022, MA0060, RCS1075 // Rough apps use every overload and no result.

/// <summary>A rough thing that an app may do with its context, around the rest of the request.</summary>
/// <param name="Name">The name.</param>
/// <param name="Run">Runs it.</param>
internal sealed record RoughStep(string Name, Func<HttpContext, Func<Task>, Task> Run);

/// <summary>A table of rough things. A new one is one line.</summary>
internal static class RoughSteps
{
    private static readonly Type[] _features =
    [
        typeof(IHttpRequestFeature), typeof(IHttpResponseFeature), typeof(IHttpResponseBodyFeature),
        typeof(IRequestBodyPipeFeature), typeof(IHttpRequestBodyDetectionFeature), typeof(IEndpointFeature),
        typeof(IRouteValuesFeature), typeof(IHttpRequestLifetimeFeature), typeof(IServiceProvidersFeature),
        typeof(IItemsFeature), typeof(IHttpConnectionFeature), typeof(IHttpRequestIdentifierFeature),
        typeof(IHttpResponseTrailersFeature), typeof(IHttpMaxRequestBodySizeFeature), typeof(IHttpUpgradeFeature),
        typeof(IHttpBodyControlFeature), typeof(IQueryFeature), typeof(IHttpAuthenticationFeature),
        typeof(IHttpMetricsTagsFeature), typeof(ISessionFeature),
    ];

    public static RoughStep[] All { get; } =
    [
        .. _features.Select(type => First($"{type.Name} removed", context => context.Features[type] = null)),
        .. _features.Select(type => Last($"{type.Name} removed after", context => context.Features[type] = null)),
        .. _features.Select(type => new RoughStep($"{type.Name} removed and restored", async (context, rest) =>
        {
            var feature = context.Features[type];
            context.Features[type] = null;
            try
            {
                await rest();
            }
            finally
            {
                context.Features[type] = feature;
            }
        })),
        First("all features removed", RemoveAll),
        Last("all features removed after", RemoveAll),
        First("features enumerated", context => _ = context.Features.ToArray()),
        First("features removed while enumerated", context =>
        {
            foreach (var (type, _) in context.Features)
                context.Features[type] = null;
        }),
        First("features set again", context =>
        {
            foreach (var (type, feature) in context.Features.ToArray())
                context.Features[type] = feature;
        }),
        First("revision raised", context => context.Features.Set(new object())),

        First("items cleared", context => context.Items.Clear()),
        Last("items cleared after", context => context.Items.Clear()),
        First("items replaced", context => context.Items = new Dictionary<object, object?>()),
        First("items null", context => context.Items = null!),
        Last("items null after", context => context.Items = null!),
        First("services null", context => context.RequestServices = null!),
        First("services replaced", context =>
            context.RequestServices = new ServiceCollection().BuildServiceProvider()),
        First("user null", context => context.User = null!),
        First("user replaced", context => context.User = new ClaimsPrincipal()),
        First("trace identifier null", context => context.TraceIdentifier = null!),

        First("request replaced", context => context.Features.Set<IHttpRequestFeature>(Copy(context.Request))),
        Last("request replaced after", context => context.Features.Set<IHttpRequestFeature>(new HttpRequestFeature())),
        First("response replaced", context => context.Features.Set<IHttpResponseFeature>(new HttpResponseFeature())),
        Last("response replaced after", context =>
            context.Features.Set<IHttpResponseFeature>(new HttpResponseFeature { StatusCode = 299 })),
        First("response wrapped", context => context.Features.Set<IHttpResponseFeature>(
            new WrappedResponse(context.Features.Get<IHttpResponseFeature>()!))),
        First("response that refuses", context => context.Features.Set<IHttpResponseFeature>(new RefusingResponse())),
        Last("response that refuses after", context =>
            context.Features.Set<IHttpResponseFeature>(new RefusingResponse())),
        First("endpoint feature replaced", context => context.Features.Set<IEndpointFeature>(new Endpoints())),
        First("endpoint null", context => context.SetEndpoint(null)),
        Last("endpoint null after", context => context.SetEndpoint(null)),
        First("endpoint replaced", context => context.SetEndpoint(Elsewhere())),
        Last("endpoint replaced after", context => context.SetEndpoint(Elsewhere())),
        First("route values replaced", context => context.Request.RouteValues = []),
        First("request path changed", context => context.Request.Path = "/elsewhere"),
        Last("request path null after", context => context.Request.Path = null),
        First("request path without a slash, endpoint replaced", context =>
        {
            context.Features.Get<IHttpRequestFeature>()!.Path = "elsewhere";
            context.SetEndpoint(Elsewhere());
        }),
        First("path base changed", context => context.Request.PathBase = "/base"),
        First("method changed", context => context.Request.Method = "PUT"),
        Last("method null after", context => context.Request.Method = null!),
        First("request headers cleared", context => context.Request.Headers.Clear()),
        First("lifetime replaced", context =>
            context.Features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature())),
        First("aborted token replaced", context => context.RequestAborted = new CancellationToken(true)),

        First("response body null", context => context.Response.Body = Stream.Null),
        new("response body buffered", (context, rest) => BufferAsync(context, rest, restores: true)),
        new("response body buffered and kept", (context, rest) => BufferAsync(context, rest, restores: false)),
        new("response body feature wrapped", async (context, rest) =>
        {
            var before = context.Features.Get<IHttpResponseBodyFeature>()!;
            context.Features.Set<IHttpResponseBodyFeature>(new WrappedBody(before));
            await rest();
            context.Features.Set(before);
        }),
        First("response body feature wrapped and kept", context => context.Features.Set<IHttpResponseBodyFeature>(
            new WrappedBody(context.Features.Get<IHttpResponseBodyFeature>()!))),
        First("response body feature over its stream", context => context.Features.Set<IHttpResponseBodyFeature>(
            new StreamResponseBodyFeature(context.Response.Body))),
        First("response body disposed", context => context.Response.Body.Dispose()),
        Last("response body disposed after", context => context.Response.Body.DisposeAsync().AsTask()),
        First("buffering disabled", context => context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering()),
        First("response started", context => context.Response.StartAsync()),
        First("response started twice", async context =>
        {
            await context.Response.StartAsync();
            await context.Response.StartAsync();
        }),
        First("response completed", context => context.Response.CompleteAsync()),
        Last("response completed after", context => context.Response.CompleteAsync()),
        First("writer completed", context => context.Response.BodyWriter.Complete()),
        Last("writer completed after", context => context.Response.BodyWriter.CompleteAsync().AsTask()),
        Last("writer completed with an error", context =>
            context.Response.BodyWriter.Complete(new InvalidDataException("mine"))),

        Tried("written by stream", context => context.Response.Body.WriteAsync("stream;"u8.ToArray()).AsTask()),
        Tried("written by an old way", context => context.Response.Body.WriteAsync("old;"u8.ToArray(), 1, 2)),
        Tried("written by an array that is null", context => context.Response.Body.WriteAsync(null!, 0, 1)),
        Tried("written past an array", context => context.Response.Body.WriteAsync(new byte[2], 1, 2)),
        Tried("written with a canceled token", context =>
            context.Response.Body.WriteAsync("x"u8.ToArray(), new CancellationToken(true)).AsTask()),
        Tried("written by Begin and End", context => Task.Factory.FromAsync(
            context.Response.Body.BeginWrite, context.Response.Body.EndWrite, "begin;"u8.ToArray(), 0, 6, null)),
        Tried("written by byte", context => context.Response.Body.WriteByte(65)),
        Tried("written synchronously", context => context.Response.Body.Write("sync;"u8)),
        Tried("written synchronously, allowed", context =>
        {
            AllowSynchronousIO(context);
            context.Response.Body.Write("sync;"u8);
            context.Response.Body.WriteByte(66);
            context.Response.Body.Write("old"u8.ToArray(), 1, 1);
            context.Response.Body.Flush();
        }),
        Tried("written without await", context => _ = context.Response.Body.WriteAsync("later;"u8.ToArray()).AsTask()),
        Tried("written many times at once", context => Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => context.Response.Body.WriteAsync("many;"u8.ToArray()).AsTask()))),
        Tried("written without flush", context => context.Response.BodyWriter.Write("not flushed;"u8)),
        Tried("flushed", context => context.Response.Body.FlushAsync()),
        Tried("flushed by writer", context => context.Response.BodyWriter.FlushAsync().AsTask()),
        Tried("written by stream of the writer", context =>
            context.Response.BodyWriter.AsStream(leaveOpen: true).WriteAsync("as stream;"u8.ToArray()).AsTask()),
        Tried("advanced without memory", context => context.Response.BodyWriter.Advance(3)),
        Tried("advanced too far", context =>
        {
            context.Response.BodyWriter.GetMemory(10);
            context.Response.BodyWriter.Advance(1_000_000);
        }),
        Tried("advanced backwards", context =>
        {
            context.Response.BodyWriter.GetMemory(10);
            context.Response.BodyWriter.Advance(-1);
        }),
        Tried("advanced by nothing", context =>
        {
            context.Response.BodyWriter.GetSpan(10);
            context.Response.BodyWriter.Advance(0);
        }),
        Tried("advanced twice", async context =>
        {
            var writer = context.Response.BodyWriter;
            "twice;"u8.CopyTo(writer.GetSpan(10));
            writer.Advance(3);
            writer.Advance(3);
            await writer.FlushAsync();
            writer.Advance(0);
        }),
        Tried("memory asked and flushed", context =>
        {
            context.Response.BodyWriter.GetMemory(10);
            return context.Response.BodyWriter.FlushAsync().AsTask();
        }),
        Tried("unflushed bytes", context =>
        {
            var writer = context.Response.BodyWriter;
            writer.Write("unflushed"u8);
            var text = writer.CanGetUnflushedBytes ? $"{writer.UnflushedBytes};" : "cannot;";
            return writer.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();
        }),
        Tried("flush canceled", context => context.Response.BodyWriter.CancelPendingFlush()),
        Tried("file sent", context => context.Response.SendFileAsync(typeof(RoughSteps).Assembly.Location, 0, 20_000)),
        Tried("missing file sent", context => context.Response.SendFileAsync("/nowhere/at/all")),
        Tried("file sent past its end", context =>
            context.Response.SendFileAsync(typeof(RoughSteps).Assembly.Location, 1L << 40, null)),
        Tried("properties of the body", context =>
        {
            var body = context.Response.Body;
            return context.Response.WriteAsync($"{body.CanRead} {body.CanSeek} {body.CanWrite} {body.CanTimeout};");
        }),
        Tried("length of the body", context => context.Response.WriteAsync($"{context.Response.Body.Length};")),
        Tried("position of the body", context => context.Response.Body.Position = 1),
        Tried("body sought", context => context.Response.Body.Seek(0, SeekOrigin.Begin)),
        Tried("body cut", context => context.Response.Body.SetLength(0)),
        Tried("response body read", async context => await context.Response.Body.ReadAsync(new byte[1])),
        Tried("large", context => context.Response.Body.WriteAsync(new byte[200_000]).AsTask()),

        Tried("read by stream", context => EchoAsync(context, context.Request.Body)),
        Tried("read by an old way", async context => await WriteAsync(
            context, await context.Request.Body.ReadAsync(new byte[3], 1, 2))),
        Tried("read into null", async context => await context.Request.Body.ReadAsync(null!, 0, 1)),
        Tried("read with a canceled token", async context =>
            await context.Request.Body.ReadAsync(new byte[1], new CancellationToken(true))),
        Tried("read by Begin and End", async context => await WriteAsync(context, await Task.Factory.FromAsync(
            context.Request.Body.BeginRead, context.Request.Body.EndRead, new byte[3], 0, 3, null))),
        Tried("read by byte", async context =>
        {
            AllowSynchronousIO(context);
            await WriteAsync(context, context.Request.Body.ReadByte());
        }),
        Tried("read synchronously", async context => await WriteAsync(context, context.Request.Body.Read(new byte[2]))),
        Tried("read a part by pipe", async context =>
        {
            var read = await context.Request.BodyReader.ReadAsync();
            var taken = Math.Min(2, read.Buffer.Length);
            context.Request.BodyReader.AdvanceTo(read.Buffer.GetPosition(taken));
            await WriteAsync(context, taken);
        }),
        Tried("read by pipe and looked at", async context =>
        {
            var read = await context.Request.BodyReader.ReadAtLeastAsync(5);
            context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            await WriteAsync(context, read.Buffer.Length);
        }),
        Tried("read by pipe and not advanced", async context => await context.Request.BodyReader.ReadAsync()),
        Tried("read twice by pipe", async context =>
        {
            await context.Request.BodyReader.ReadAsync();
            await context.Request.BodyReader.ReadAsync();
        }),
        Tried("pipe advanced without a read", context => context.Request.BodyReader.AdvanceTo(default)),
        Tried("pipe advanced to elsewhere", async context =>
        {
            await context.Request.BodyReader.ReadAsync();
            context.Request.BodyReader.AdvanceTo(new ReadOnlySequence<byte>(new byte[3]).End);
        }),
        Tried("pipe advanced twice", async context =>
        {
            var read = await context.Request.BodyReader.ReadAsync();
            var end = read.Buffer.End;
            context.Request.BodyReader.AdvanceTo(end);
            context.Request.BodyReader.AdvanceTo(end);
        }),
        Tried("tried to read by pipe", async context =>
        {
            var isRead = context.Request.BodyReader.TryRead(out var read);
            if (isRead)
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            await WriteAsync(context, isRead ? 1 : 0);
        }),
        Tried("pending read canceled", async context =>
        {
            context.Request.BodyReader.CancelPendingRead();
            var read = await context.Request.BodyReader.ReadAsync();
            context.Request.BodyReader.AdvanceTo(read.Buffer.Start);
            await WriteAsync(context, read.IsCanceled ? 1 : 0);
        }),
        Tried("copied by pipe", context => context.Request.BodyReader.CopyToAsync(context.Response.Body)),
        Tried("copied by stream", context => context.Request.Body.CopyToAsync(context.Response.Body)),
        Tried("copied to null", context => context.Request.Body.CopyToAsync(null!)),
        Tried("read by stream of the pipe", context =>
            EchoAsync(context, context.Request.BodyReader.AsStream(leaveOpen: true))),
        First("pipe completed", context => context.Request.BodyReader.Complete()),
        First("pipe completed with an error", context =>
            context.Request.BodyReader.CompleteAsync(new InvalidDataException("mine")).AsTask()),
        First("request body disposed", context => context.Request.Body.Dispose()),
        First("request body disposed, asynchronously", context => context.Request.Body.DisposeAsync().AsTask()),
        First("request body replaced", context => context.Request.Body = new MemoryStream("replaced"u8.ToArray())),
        First("request body null", context => context.Request.Body = null!),
        First("request body wrapped", context => context.Request.Body = new BufferedStream(context.Request.Body)),
        new("request body replaced and restored", async (context, rest) =>
        {
            var before = context.Request.Body;
            context.Request.Body = new MemoryStream("replaced"u8.ToArray());
            await EchoAsync(context, context.Request.BodyReader.AsStream());
            context.Request.Body = before;
            await rest();
        }),
        First("request pipe replaced", context => context.Features.Set<IRequestBodyPipeFeature>(
            new RequestBodyPipeFeature(context))),
        Tried("read twice with buffering", async context =>
        {
            context.Request.EnableBuffering();
            await EchoAsync(context, context.Request.Body);
            context.Request.Body.Position = 0;
        }),
        Tried("largest request body changed", context =>
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = 3),

        new("aborted", (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        }),
        First("aborted first", context => context.Abort()),
        Last("aborted after", async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(30);
            context.Abort();
        }),
        First("aborted as it starts", context => context.Response.OnStarting(() =>
        {
            context.Abort();
            return Task.CompletedTask;
        })),
        new("throws", (_, _) => throw new InvalidDataException("mine")),
        new("throws a bad request", (_, _) => throw new BadHttpRequestException("mine", 418)),
        new("throws a cancellation", (_, _) => throw new OperationCanceledException("mine")),
        Last("throws after", _ => throw new InvalidDataException("mine")),
        Last("throws after a flush", async context =>
        {
            await context.Response.Body.FlushAsync();
            throw new InvalidDataException("mine");
        }),
        new("throws later", async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidDataException("mine");
        }),
        new("nothing", (_, _) => Task.CompletedTask),
        First("yields", async _ => await Task.Yield()),
        First("throws as it starts", context =>
            context.Response.OnStarting(() => throw new InvalidDataException("mine"))),
        First("throws when completed", context =>
            context.Response.OnCompleted(() => throw new InvalidDataException("mine"))),
        First("used late", context => context.Response.OnCompleted(async () =>
        {
            await Task.Yield();
            _ = $"{context.Request.Path}{context.Response.StatusCode}{context.GetEndpoint()}";
            context.SetEndpoint(null);
            context.Features.Set<IEndpointFeature>(null);
        })),
        First("used after the request", context => _ = UseLaterAsync(context)),
        First("headers as it starts", context => context.Response.OnStarting(() =>
        {
            context.Response.Headers["X-Late"] = "late";
            return Task.CompletedTask;
        })),

        First("status 204", context => context.Response.StatusCode = 204),
        First("status 304", context => context.Response.StatusCode = 304),
        First("status 404", context => context.Response.StatusCode = 404),
        First("status 500", context => context.Response.StatusCode = 500),
        First("status 1000", context => context.Response.StatusCode = 1000),
        Last("status set late", context => context.Response.StatusCode = 418),
        Tried("response cleared", context => context.Response.Clear()),
        First("content type of a stream", context => context.Response.ContentType = "text/event-stream"),
        First("content type of gRPC", context => context.Response.ContentType = "application/grpc"),
        First("content length of nothing", context => context.Response.ContentLength = 0),
        First("content length too small", context => context.Response.ContentLength = 3),
        First("content length too large", context => context.Response.ContentLength = 1_000),
        First("content length wrong", context => context.Response.Headers.ContentLength = null),
        Tried("trailers", context =>
        {
            context.Response.DeclareTrailer("X-Trailer");
            context.Response.AppendTrailer("X-Trailer", "last");
        }),
        Last("trailers after", context =>
        {
            if (context.Response.SupportsTrailers())
                context.Response.AppendTrailer("X-Trailer", "last");
        }),
        Tried("upgraded", async context =>
        {
            var stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
            var read = new byte[4];
            await stream.ReadExactlyAsync(read);
            await stream.WriteAsync(read);
            await stream.WriteAsync("pong"u8.ToArray());
        }),
        new("upgraded and nothing more", async (context, rest) =>
        {
            if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
                await (await upgrade.UpgradeAsync()).WriteAsync("bye"u8.ToArray());
            else
                await rest();
        }),
        Tried("reset", context => context.Features.Get<IHttpResetFeature>()?.Reset(7)),
    ];

    /// <summary>The answer of a plain app: what it read, by the writer and by the stream. It only needs what it
    /// uses.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        var reader = context.Features.Get<IHttpRequestFeature>() is { Body: { } body } ? new StreamReader(body) : null;
        var text = reader is null ? "nothing" : await reader.ReadToEndAsync();
        context.Features.Get<IHttpResponseFeature>()?.Headers["X-Read"] = $"{text.Length}";
        await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes($"read {text};"));
        context.Response.BodyWriter.Write("more;"u8);
        await context.Response.Body.WriteAsync("last"u8.ToArray());
    }

    /// <summary>Returns the names of the features that a request does not have. Whoever reads
    /// <c>RequestAborted</c> adds that feature, as the framework itself does, and asynchronous functions need the
    /// request's services.</summary>
    public static string RemovedFrom(HttpContext context) => string.Join(
        ' ',
        from type in _features
        where type != typeof(IHttpRequestLifetimeFeature) && type != typeof(IServiceProvidersFeature)
            && context.Features[type] is null
        select type.Name);

    private static RoughStep First(string name, Action<HttpContext> action) => new(name, (context, rest) =>
    {
        action(context);
        return rest();
    });

    private static RoughStep First(string name, Func<HttpContext, Task> action) => new(name, async (context, rest) =>
    {
        await action(context);
        await rest();
    });

    private static RoughStep Last(string name, Action<HttpContext> action) => new(name, async (context, rest) =>
    {
        await rest();
        action(context);
    });

    private static RoughStep Last(string name, Func<HttpContext, Task> action) => new(name, async (context, rest) =>
    {
        await rest();
        await action(context);
    });

    private static RoughStep Tried(string name, Action<HttpContext> action) => Tried(name, context =>
    {
        action(context);
        return Task.CompletedTask;
    });

    // Before and after the rest, and the client sees the exception.
    private static RoughStep Tried(string name, Func<HttpContext, Task> action) => new(name, async (context, rest) =>
    {
        await TryAsync(context, action);
        await rest();
        await TryAsync(context, action);
    });

    private static async Task TryAsync(HttpContext context, Func<HttpContext, Task> action)
    {
        var seen = "fine;";
        try
        {
            await action(context);
        }
        catch (Exception e)
        {
            seen = $"{e.GetType().Name}: {e.Message};";
        }
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(seen));
    }

    private static Task WriteAsync(HttpContext context, long number) =>
        context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes($"{number};")).AsTask();

    private static async Task EchoAsync(HttpContext context, Stream body)
    {
        var text = await new StreamReader(body).ReadToEndAsync();
        await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes($"echo {text};"));
    }

    private static async Task BufferAsync(HttpContext context, Func<Task> rest, bool restores)
    {
        var before = context.Response.Body;
        var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await rest();
        if (restores)
            context.Response.Body = before;
        buffer.Position = 0;
        await buffer.CopyToAsync(before);
    }

    private static async Task UseLaterAsync(HttpContext context)
    {
        var (body, writer, request) = (context.Response.Body, context.Response.BodyWriter, context.Request.Body);
        await Task.Delay(5);
        try
        {
            await request.ReadAsync(new byte[1]);
            await writer.WriteAsync("late"u8.ToArray());
            await body.WriteAsync("late"u8.ToArray());
        }
        catch (Exception)
        {
            // The request is over.
        }
    }

    private static void RemoveAll(HttpContext context)
    {
        foreach (var (type, _) in context.Features.ToArray())
            context.Features[type] = null;
    }

    private static void AllowSynchronousIO(HttpContext context) =>
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;

    private static HttpRequestFeature Copy(HttpRequest request) => new()
    {
        Method = request.Method,
        Path = request.Path,
        PathBase = request.PathBase,
        QueryString = request.QueryString.Value ?? "",
        Protocol = request.Protocol,
        Scheme = request.Scheme,
        Headers = request.Headers,
        Body = new MemoryStream("copied"u8.ToArray()),
    };

    private static RouteEndpoint Elsewhere() =>
        new(_ => Task.CompletedTask, RoutePatternFactory.Parse("/elsewhere"), 0, null, null);

    private sealed class Endpoints : IEndpointFeature
    {
        public Endpoint? Endpoint { get; set; }
    }

    private sealed class WrappedResponse(IHttpResponseFeature inner) : IHttpResponseFeature
    {
        public int StatusCode { get => inner.StatusCode; set => inner.StatusCode = value; }

        public string? ReasonPhrase { get => inner.ReasonPhrase; set => inner.ReasonPhrase = value; }

        public IHeaderDictionary Headers { get => inner.Headers; set => inner.Headers = value; }

        [Obsolete("A part of the interface.")]
        public Stream Body { get => inner.Body; set => inner.Body = value; }

        public bool HasStarted => inner.HasStarted;

        public void OnStarting(Func<object, Task> callback, object state) => inner.OnStarting(callback, state);

        public void OnCompleted(Func<object, Task> callback, object state) => inner.OnCompleted(callback, state);
    }

    private sealed class RefusingResponse : IHttpResponseFeature
    {
        public int StatusCode { get => No<int>(); set => No<int>(); }

        public string? ReasonPhrase { get => No<string>(); set => No<string>(); }

        public IHeaderDictionary Headers { get => No<IHeaderDictionary>(); set => No<string>(); }

        public Stream Body { get => No<Stream>(); set => No<string>(); }

        public bool HasStarted => No<bool>();

        public void OnStarting(Func<object, Task> callback, object state) => No<string>();

        public void OnCompleted(Func<object, Task> callback, object state) => No<string>();

        private static T No<T>() => throw new NotSupportedException();
    }

    private sealed class WrappedBody(IHttpResponseBodyFeature inner) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer => inner.Writer;

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(
            string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }
}
