using Microsoft.AspNetCore.Builder;

namespace Instrumentator.EndToEnd;

/// <summary>Runs an app in this process, on Kestrel and a free port.</summary>
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
