using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Instrumentator;

/// <summary>Puts the metrics middleware before the whole pipeline of an app.</summary>
internal sealed class InstrumentatorStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseInstrumentator();
        next(app);
    };
}
