using Asp.Versioning;
using Microsoft.AspNetCore.Mvc;

namespace Instrumentator.Versioning.Tests;

[ApiController]
[ApiVersion("1.0")]
[ApiVersion("2.0")]
[Route("controlled")]
public sealed class ControlledController : ControllerBase
{
    [HttpGet("{id}")]
    public string Show(string id) => id;
}
