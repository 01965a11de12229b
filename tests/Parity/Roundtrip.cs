using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Parity;

/// <summary>One request through the app, with its state outside the app.</summary>
internal sealed class Roundtrip(RequestScript script)
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestClock Clock { get; } = new(Ticks.Of(script.Clock));

    /// <summary>Gets or sets the exception that the app did not handle.</summary>
    public Exception? Raised { get; set; }

    /// <summary>Gets a task that completes when the handler runs and is held.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Gets a task that completes when everything is done, including code that runs after the
    /// response.</summary>
    public Task Completed => _completed.Task;

    public void Complete() => _completed.TrySetResult();

    public void Release() => _released.TrySetResult();

    /// <summary>Holds the request. A handler that can be held calls this method.</summary>
    public Task HoldAsync()
    {
        _arrived.TrySetResult();
        return script.InFlight ? _released.Task : Task.CompletedTask;
    }

    /// <summary>Sets the request of a context as a server would, with only what the client sent.</summary>
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

        // The framework's own decoding keeps %2F. A target that is not a path, such as *, has no path.
        request.Path = path.StartsWith('/') ? PathString.FromUriComponent(path) : default;
        request.QueryString = query < 0 ? default : new QueryString(target[query..]);
    }
}
