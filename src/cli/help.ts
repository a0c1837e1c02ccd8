/** The text of `--help`. */

export const help = `wavetank: run programs in a simulated world that breaks everything a data centre can break

  wavetank run FILE [options]       run the simulation that FILE exports
    --seeds N                       how many seeds (default: what the simulation says, or 100)
    --seed S                        what the seeds are derived from (default: drawn, and printed)
    --time-limit-ms N               begin no other seed after so long; without --seeds, run until then
    --failures-max N                stop after N failed seeds (default 10)
    --fingerprints                  print "seed fingerprint" lines instead of the report
    --barrier                       settle by turns of the event loop: slower, the same trace
    --alone N                       run N of the seeds once more where no other came before (default 2)
    --escapes error|warn|off        uses of the machine's clock, entropy, files … in a step (default warn)
    --stuck-ms N                    name the seed that keeps the thread for so long (default 10000)

  wavetank replay FILE --seed S     run one seed again, as a failure printed it
    --recipe "151@88 -> 42@7"       and steer it, as a failure printed it

  wavetank node FILE [options]      run it once on this machine: real clocks, sockets and files, no chaos
    --run-ms N                      end the workloads after so long (default: the simulation's chaosMs)
    --seed S                        what decides how many there are of each

  -h, --help   -v, --version        exit codes: 0 all is well, 1 the simulation failed, 2 wrong usage, 130 Ctrl-C
`;
