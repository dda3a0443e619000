#!/bin/bash
# One sweep as a Slurm job array: every task computes its shard of the grid.
#
#   sbatch --array=1-64 slurm-array.sh my.atlas.yaml out \
#       --vary 'contracts.anthropic.usd_per_month=$0.5B/month:$2B/month:100' --vary economics.discount_rate='8 %/year:14 %/year:100'
#   ./slurm-array.sh --join out > sweep.csv        # when all tasks are done
#
# $ATLAS names the program if `atlas` is not on the path.
#SBATCH --job-name=atlas-sweep
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --time=01:00:00
set -eu

if [ "${1:-}" = --join ]; then
    count=$(cat "$2/shards")
    for i in $(seq "$count"); do
        [ -f "$2/shard-$i.csv" ] || { echo "shard $i of $count is missing in $2" >&2; exit 1; }
    done
    for i in $(seq "$count"); do cat "$2/shard-$i.csv"; done
    exit 0
fi

scenario=$1
out=$2
shift 2
task=$SLURM_ARRAY_TASK_ID
tasks=$SLURM_ARRAY_TASK_COUNT
mkdir -p "$out"
echo "$tasks" > "$out/shards.$task" && mv "$out/shards.$task" "$out/shards"
"${ATLAS:-atlas}" sweep "$scenario" "$@" --shard "$task/$tasks" --quiet -o "$out/shard-$task.csv"
