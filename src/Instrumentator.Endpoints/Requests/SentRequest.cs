using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>A request whose asynchronous metric functions run once its response is sent.</summary>
/// <remarks>Servers run the callbacks of a completed response in reverse order. One of them disposes the services of
/// the request; it is registered when they are first used. So they are used here before the functions' own callback is
/// registered, and live until the functions have ended.</remarks>
internal sealed class SentRequest
{
    private readonly HttpContext _context;
    private readonly Recorder _recorder;
    private readonly IServiceScopeFactory? _scopes;

    private SentRequest(HttpContext context, Recorder recorder, IServiceScopeFactory? scopes) =>
        (_context, _recorder, _scopes) = (context, recorder, scopes);

    /// <summary>Gets or sets what was recorded; null until then, and no function runs without it.</summary>
    public Info? Info { get; set; }

    /// <summary>Runs the functions when the response is sent. The response does not wait, and the context is valid
    /// until they have ended.</summary>
    /// <param name="context">The request.</param>
    /// <param name="recorder">Runs the functions.</param>
    /// <param name="scopes">Creates the services of functions whose request has none any more.</param>
    public static SentRequest Watch(HttpContext context, Recorder recorder, IServiceScopeFactory? scopes)
    {
        _ = Try(() => context.RequestServices);
        var request = new SentRequest(context, recorder, scopes);
        context.Response.OnCompleted(request.RunAsync);
        return request;
    }

    // The getter of the context would create services, which nobody disposes any more.
    private bool HasServices => Try(() => _context
        .Feature<IServiceProvidersFeature>()
        ?.RequestServices
        .GetService(typeof(IServiceScopeFactory))) is not null;

    private Task RunAsync() =>
        Info is not { } info ? Task.CompletedTask
        : HasServices || _scopes is null ? _recorder.RecordAsync(info)
        : RunWithOwnServicesAsync(info);

    // Middleware that gives a request other services may have disposed them by now.
    private async Task RunWithOwnServicesAsync(Info info)
    {
        var before = _context.Feature<IServiceProvidersFeature>();
        var own = new RequestServicesFeature(_context, _scopes);
        _context.Features.Set<IServiceProvidersFeature>(own);
        try
        {
            await _recorder.RecordAsync(info).ConfigureAwait(false);
        }
        finally
        {
            _context.Features.Set(before);
            await own.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static object? Try(Func<object?> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // Services that were disposed throw. So may a context that no server created.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
