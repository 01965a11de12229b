using Microsoft.AspNetCore.Http;

namespace Instrumentator.Benchmarks;

/// <summary>Answers with status 200 and with another status in turns. Each thread has its own turns.</summary>
internal static class Alternation
{
    [ThreadStatic]
    private static bool _isOther;

    /// <summary>Returns a handler.</summary>
    /// <param name="status">The other status.</param>
    public static RequestDelegate With(int status) => context =>
    {
        _isOther = !_isOther;
        context.Response.StatusCode = _isOther ? status : StatusCodes.Status200OK;
        return Task.CompletedTask;
    };
}
