using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>A handler in place of a metrics endpoint that an environment variable turned off: its first request logs
/// that.</summary>
/// <param name="config">Names the variable.</param>
/// <param name="read">Reads a variable; returns null when it is not set.</param>
internal sealed class SwitchedOffEndpoint(Config config, Func<string, string?> read)
{
    private bool _isLogged;

    /// <summary>Logs it once. Never throws.</summary>
    public void LogOnce(HttpContext context)
    {
        if (_isLogged)
            return;
        _isLogged = true;
        try
        {
            var services = HandlerInstrumentation.ServicesOf(context);
            if (config.EnabledBy is { } variable)
                AppInstrumentation.Of(services).LogOff(variable, read(variable), services);
        }
#pragma warning disable CA1031, RCS1075 // An app that stops may have disposed its services.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}
