using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Parity;

/// <summary>One request on its way through the app, and what is known of it outside.</summary>
internal sealed class Roundtrip(RequestScript script)
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestClock Clock { get; } = new(Ticks.Of(script.Clock));

    /// <summary>The exception that left the app.</summary>
    public Exception? Raised { get; set; }

    /// <summary>Its handler runs, and is held.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>All is done, whatever runs after the response included.</summary>
    public Task Completed => _completed.Task;

    public void Complete() => _completed.TrySetResult();

    public void Release() => _released.TrySetResult();

    /// <summary>Called by a handler that can be held.</summary>
    public Task HoldAsync()
    {
        _arrived.TrySetResult();
        return script.InFlight ? _released.Task : Task.CompletedTask;
    }

    /// <summary>Makes it the request of a context, as a server would: with nothing that was not sent.</summary>
    public void Configure(HttpContext context)
    {
        context.Features.Set(this);
        var request = context.Request;
        request.Method = script.Method;
        request.Scheme = "http";
        request.Host = new HostString("testserver");
        SetTarget(request, script.Path);
        foreach (var (name, value) in script.Headers)
            request.Headers[name] = value;
        if (script.Body is null)
            return;
        var body = Encoding.UTF8.GetBytes(script.Body);
        request.Body = new MemoryStream(body);
        if (!request.Headers.ContainsKey("Content-Length") && !request.Headers.ContainsKey("Transfer-Encoding"))
            request.ContentLength = body.Length;
    }

    private static void SetTarget(HttpRequest request, string target)
    {
        request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];

        // The framework's own decoding, which leaves %2F alone. A target that is no path, * for one, has none.
        request.Path = path.StartsWith('/') ? PathString.FromUriComponent(path) : default;
        request.QueryString = query < 0 ? default : new QueryString(target[query..]);
    }
}
