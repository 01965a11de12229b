using Microsoft.AspNetCore.Builder;

namespace Instrumentator.EndToEnd;

/// <summary>An app of the samples in this process, on Kestrel and on a port that was free.</summary>
internal static class LocalServer
{
    public static async Task<WebApplication> StartAsync(Func<string[], WebApplication> build)
    {
        var app = build(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    public static Uri Address(this WebApplication app) => new(app.Urls.Single());
}
