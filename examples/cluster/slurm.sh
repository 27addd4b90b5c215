#!/usr/bin/env bash
# An exhaustive check as a Slurm array: one shard a task, then a job that merges them.
#
#   ./slurm.sh submit SHARDS FOLDER CHECK_ARGUMENTS...   as in
#   ./slurm.sh submit 64 ~/runs/seven --size 7
#
# All nodes must see FOLDER. The verdict goes to FOLDER/verdict.json. Variables:
#   TRYLEMMA        the program (default: trylemma)
#   SBATCH_OPTIONS  of the shards, as in "--partition=long --time=8:00:00 --cpus-per-task=4"
#   MERGE_OPTIONS   of `trylemma merge`, as in "--out traces"
# What both jobs need, such as an account, goes into Slurm's own: SBATCH_ACCOUNT, SBATCH_PARTITION.
#
#SBATCH --job-name=trylemma
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

usage() {
    echo "usage: slurm.sh submit SHARDS FOLDER CHECK_ARGUMENTS..." >&2
    exit 2
}

[ $# -ge 3 ] || usage
role=$1 shards=$2 folder=$3
shift 3
case $shards in '' | 0* | *[!0-9]*) usage ;; esac
trylemma=${TRYLEMMA:-trylemma}

case $role in
submit)
    [ $# -ge 1 ] || usage
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    # The tasks: the role `shard`, once for each number of the array.
    # shellcheck disable=SC2086 # These are several options.
    array=$(sbatch --parsable --array="1-$shards" --output="$folder/slurm-%A-%a.log" \
        ${SBATCH_OPTIONS:-} "$0" shard "$shards" "$folder" "$@")
    array=${array%%;*} # With several clusters it is ID;CLUSTER.
    # The merge, when every task has ended well, however often it was requeued.
    merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
        --output="$folder/slurm-%j-merge.log" "$0" merge "$shards" "$folder")
    echo "array $array, then merge ${merge%%;*}; the verdict goes to $folder/verdict.json"
    ;;
shard)
    # Not SLURM_ARRAY_TASK_COUNT of them: that is less when only some tasks are submitted
    # again. A task that runs again goes on from its file; one that was done ends at once.
    me=${SLURM_ARRAY_TASK_ID:?is not set; this role runs in a Slurm array}
    cores=${SLURM_CPUS_PER_TASK:-1}
    exec srun --ntasks=1 --cpus-per-task="$cores" "$trylemma" check "$@" --threads "$cores" \
        --shard "$me/$shards" --resume "$folder/part-$me-of-$shards.ron"
    ;;
merge)
    parts=()
    for ((i = 1; i <= shards; i++)); do parts+=("$folder/part-$i-of-$shards.ron"); done
    code=0
    # shellcheck disable=SC2086 # These are several options.
    "$trylemma" merge --format json ${MERGE_OPTIONS:-} "${parts[@]}" >"$folder/verdict.new" || code=$?
    case $code in
    0 | 1 | 3) mv "$folder/verdict.new" "$folder/verdict.json" ;; # holds, refuted, or cut off by a limit
    *) rm "$folder/verdict.new" ;;                                # no verdict: the log says why
    esac
    exit "$code"
    ;;
*) usage ;;
esac
