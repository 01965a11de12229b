using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Properties;

/// <summary>The route label of a request that routing rejects, compared with routing itself and with matching each
/// route one by one.</summary>
public class RejectedProps
{
    // Text between the slashes; # becomes a number, so that each parameter has its own name.
    private static Gen<string> Segments => Gen.Elements(
        "items",
        "ITEMS",
        "a",
        "b",
        "{p#}",
        "{p#:int}",
        "{p#:alpha}",
        "v{p#}",
        "{p#}.{q#}",
        "{p#:int}.txt",
        "{p#}.{q#?}");

    private static Gen<string> Templates =>
        from length in Gen.Choose(0, 3)
        from segments in Segments.ArrayOf(length)
        from tail in Gen.Elements("", "", "", "/", "/{t?}", "/{t:int?}", "/{t=7}", "/{t=7}/{u?}", "/{**t}", "/{*t}")
        from head in Gen.Elements("/", "")
        select head
            + string.Join('/', segments.Select((segment, number) =>
                segment.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))
            + (length == 0 ? tail.TrimStart('/') : tail);

    private static Gen<string[]> Tables => Templates.NonEmptyListOf().Select(list => list
        .DistinctBy(template => template.Trim('/'), StringComparer.OrdinalIgnoreCase)
        .Take(12)
        .ToArray());

    private static Gen<string> Paths =>
        from segments in Gen.Elements(
            "items", "Items", "A", "b", "5", "x", "v1", "a.b", "5.txt", ".", "a.", "", "é", "{p0}").ListOf()
        from end in Gen.Elements("", "", "/", "//")
        select "/" + string.Join('/', segments.Take(5)) + end;

    [Property(MaxTest = 500)]
    public Property A_request_with_the_wrong_method_has_the_handler_label_of_the_right_one() =>
        Prop.ForAll(Arb.From(Gen.Zip(Tables, Paths.NonEmptyListOf())), async one =>
        {
            var (templates, paths) = one;
            var app = new App(templates);
            foreach (var path in paths)
            {
                var right = await app.SendAsync("GET", path);
                var wrong = await app.SendAsync("POST", path);

                // Two equally good routes are an error of routing itself.
                if (right.Status == StatusCodes.Status500InternalServerError)
                    continue;
                Assert.Contains(
                    wrong.Status,
                    right.Status == StatusCodes.Status200OK
                        ? [StatusCodes.Status405MethodNotAllowed]
                        : new[] { StatusCodes.Status404NotFound, StatusCodes.Status405MethodNotAllowed });
                Assert.Equal((path, right.Label), (path, wrong.Label));
            }
        });

    [Theory]
    [InlineData("/files/{**rest}", "/files//x")]
    [InlineData("{**rest}", "//")]
    [InlineData("/items/{id}", "/items//")]
    [InlineData("/items", "//items")]
    [InlineData("/a/{t?}", "/a//")]
    public async Task Empty_segments_match_as_in_routing(string template, string path)
    {
        var app = new App([template, "/other"]);
        Assert.Equal((await app.SendAsync("GET", path)).Label, (await app.SendAsync("POST", path)).Label);
    }

    [Property(MaxTest = 2_000)]
    public Property The_tree_finds_every_route_that_matches_a_path() =>
        Prop.ForAll(Arb.From(Gen.Zip(Tables, Paths)), one =>
        {
            var (templates, path) = one;
            var tree = new PathTree<string>();
            foreach (var template in templates)
                tree.Add(RoutePatternFactory.Parse(template), template);

            var found = tree.Find(path);

            Assert.Equal(found.Distinct(), found);
            Assert.All(
                templates.Where(template => Matches(template, path)),
                template => Assert.Contains(template, found));
        });

    [Fact]
    public void Few_of_many_routes_are_asked()
    {
        var tree = new PathTree<int>();
        foreach (var number in Enumerable.Range(0, 10_000))
            tree.Add(RoutePatternFactory.Parse(FormattableString.Invariant($"/api/resource{number}/{{id}}")), number);

        Assert.Equal([77], tree.Find("/api/RESOURCE77/5"));
        Assert.Empty(tree.Find("/api/resource/5"));
        Assert.Empty(tree.Find(default));
    }

    private static bool Matches(string template, string path)
    {
        var pattern = RoutePatternFactory.Parse(template);
        return new TemplateMatcher(new RouteTemplate(pattern), new RouteValueDictionary(pattern.Defaults))
            .TryMatch(path, []);
    }

    /// <summary>An app whose routes all accept GET.</summary>
    private sealed class App
    {
        private readonly RequestDelegate _app;
        private readonly ServiceProvider _services;
        private string _label = "";

        public App(string[] templates)
        {
            var services = new ServiceCollection().AddLogging().AddRouting();
            services
                .AddSingleton<DiagnosticSource>(new DiagnosticListener("test"))
                .AddSingleton(new DiagnosticListener("test"));
            _services = services.BuildServiceProvider();
            var builder = new ApplicationBuilder(_services);
            builder.UseInstrumentator(Instrumentation.Default.WithRegistry(new Registry())
                .With(config => config with { HandlerTemplate = HandlerTemplate.Raw })
                .Add(Metrics.From(info => _label = info.Handler)));
            builder.UseRouting();
            builder.UseEndpoints(endpoints =>
            {
                foreach (var template in templates)
                    endpoints.MapGet(template, _ => Task.CompletedTask);
            });
            _app = builder.Build();
        }

        public async Task<(int Status, string Label)> SendAsync(string method, string path)
        {
            var context = new DefaultHttpContext { RequestServices = _services };
            (context.Request.Method, context.Request.Path) = (method, path);
            try
            {
                await _app(context);
            }
            catch (Exception e) when (e.GetType().Name == "AmbiguousMatchException")
            {
                return (StatusCodes.Status500InternalServerError, "");
            }
            return (context.Response.StatusCode, _label);
        }
    }
}
