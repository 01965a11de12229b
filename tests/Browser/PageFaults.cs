using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Collects what no page of ours does, whatever it shows: errors and warnings on the console, which include
/// violations of its Content-Security-Policy, exceptions, dialogs, and requests for anything but itself and its
/// data.</summary>
internal sealed class PageFaults
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Uri _address;

    /// <summary>Watches a profile, in which the page at this address will be opened.</summary>
    public PageFaults(IBrowserContext context, Uri address)
    {
        _address = address;
        context.Request += (_, request) => Judge(request);
        context.Console += (_, message) => Judge(message);
        context.WebError += (_, error) => _faults.Enqueue($"exception: {error.Error}");
        context.Dialog += (_, dialog) =>
        {
            _faults.Enqueue($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    /// <summary>Whether requests of the page may fail, which the browser writes to the console.</summary>
    public bool MayLoseConnection { get; set; }

    public IReadOnlyCollection<string> All => _faults;

    /// <summary>Forgets the faults so far: a test caused them.</summary>
    public void Forgive() => _faults.Clear();

    // The browser tells of a redirect even if the page does not follow it; the app knows better.
    private void Judge(IRequest request)
    {
        if (request.RedirectedFrom is not null)
            return;
        var to = new Uri(request.Url);
        var path = _address.AbsolutePath;
        var isOwn = to.Authority == _address.Authority
            && (to.AbsolutePath.TrimEnd('/') == path || to.AbsolutePath == $"{path}/data");
        if (!isOwn && to.Scheme is not "data")
            _faults.Enqueue($"request: {request.Method} {request.Url}");
    }

    private void Judge(IConsoleMessage message)
    {
        var isAllowed = MayLoseConnection
            && message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
        if (message.Type is "error" or "warning" && !isAllowed)
            _faults.Enqueue($"console: {message.Text}");
    }
}
