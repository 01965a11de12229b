using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Properties;

/// <summary>The templates that handlers report come from code. If they contained client input, a limit would bound
/// their number.</summary>
public class TemplateLimitTests
{
    [Fact]
    public void Templates_that_handlers_tell_without_end_are_remembered_up_to_a_limit_and_then_grouped()
    {
        const int Most = 65_536;
        var services = new ServiceCollection().BuildServiceProvider();
        var routes = new EndpointRoutes(
            new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { }),
            new RejectedRoutes(services),
            new LongLivedEndpoints(services),
            (_, _) => { });

        var handlers = Enumerable.Range(0, Most + 100)
            .Select(i => routes.Find($"/{i}", PathString.Empty).Handler)
            .ToArray();

        Assert.Equal(Most + 1, handlers.Distinct(StringComparer.Ordinal).Count());
        Assert.All(handlers[Most..], handler => Assert.Equal("none", handler));
        Assert.Equal("/5", routes.Find("/5", PathString.Empty).Handler);
    }
}
