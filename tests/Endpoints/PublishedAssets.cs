using System.Text.Json;
using Microsoft.Extensions.FileProviders;

namespace Instrumentator.Tests;

/// <summary>A folder of static assets with their manifest, as <c>dotnet publish</c> writes them: each file under its
/// route with a fingerprint, by content negotiation also compressed, and compressed under a route of its own.</summary>
internal sealed class PublishedAssets : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("assets");

    /// <summary>Writes the files and their manifest.</summary>
    /// <param name="routes">The routes, which are also the paths of the files.</param>
    public PublishedAssets(params string[] routes)
    {
        foreach (var route in routes)
        {
            Write(route, "body { }");
            Write(route + ".gz", "compressed");
        }
        Manifest = Path.Combine(_folder.FullName, "app.staticwebassets.endpoints.json");
        var endpoints = routes.SelectMany(route => new[]
        {
            Endpoint(route, route),
            Endpoint(route, route + ".gz", "gzip"),
            Endpoint(route + ".gz", route + ".gz"),
        });
        File.WriteAllText(
            Manifest,
            JsonSerializer.Serialize(new { Version = 1, ManifestType = "Publish", Endpoints = endpoints }));
    }

    /// <summary>The path of the manifest, for <c>MapStaticAssets</c>.</summary>
    public string Manifest { get; }

    /// <summary>Makes the folder the web root of an app.</summary>
    public void Serve(WebApplicationBuilder builder) =>
        builder.Environment.WebRootFileProvider = new PhysicalFileProvider(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }

    private object Endpoint(string route, string file, string? encoding = null) => new
    {
        Route = route,
        AssetFile = file,
        Selectors = encoding is null
            ? []
            : new[] { new { Name = "Content-Encoding", Value = encoding, Quality = "0.5" } },
        ResponseHeaders = new[]
        {
            new { Name = "Content-Type", Value = "text/css" },
            new { Name = "Content-Length", Value = $"{new FileInfo(Path.Combine(_folder.FullName, file)).Length}" },
            new { Name = "Content-Encoding", Value = encoding ?? "identity" },
            new { Name = "ETag", Value = $"\"{file}\"" },
            new { Name = "Last-Modified", Value = "Thu, 01 Jan 2026 00:00:00 GMT" },
        },
        EndpointProperties = Array.Empty<object>(),
    };
}
