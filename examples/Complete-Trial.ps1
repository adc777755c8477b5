# Does what is left of trials that were planned, and gives all of them back, ended. Where one has not, nothing may be concluded from the
# others, so that is an error. The experiments beside this file read it.
function Complete-Trial([int] $ThrottleLimit, [string] $Device, $Planned) {
    $Planned = @($Planned)
    if (-not $Planned) { return }
    $null = $Planned | Resume-SlcSweep -ThrottleLimit $ThrottleLimit -Device $Device
    $trials = @(Get-SlcTrial (Split-Path $Planned[0].Folder) | Where-Object Id -In $Planned.Id)
    $ended = @($trials | Where-Object State -In 'Done', 'Failed')
    if ($ended.Count -lt $Planned.Count) {
        throw "$($Planned.Count - $ended.Count) of $($Planned.Count) trials have not ended: the sweep was stopped, or others are still at it. Start the script again to go on."
    }

    foreach ($failed in $ended | Where-Object State -EQ 'Failed') { Write-Warning "$failed`: $($failed.Error)" }
    $ended
}
