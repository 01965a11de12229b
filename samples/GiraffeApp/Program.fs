module GiraffeApp.Program

/// `--endpoints` shows the app with endpoint routing; all other arguments are configuration, such as
/// `--urls http://127.0.0.1:8080`.
[<EntryPoint>]
let main args =
    let withEndpoints, rest = args |> Array.partition (fun argument -> argument = "--endpoints")

    let build =
        if withEndpoints.Length > 0 then
            EndpointApp.build
        else
            WebApp.build

    let app = build rest
    app.Run()
    0
