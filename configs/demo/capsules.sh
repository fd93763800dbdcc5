# A runner that makes one container for each capsule and works in it by `docker exec`. Two capsules
# work; in the others the agent crashed and left an error.log, and nobody looks. In the end it forgets
# the containers. The labels say whose they are; without them overnight sees who made them.
set -eu
mine="agentrun--$(echo "$OVERNIGHT_BATCH_UUID" | cut -c1-8)"
for number in 1 2 3 4 5 6; do
  docker run -d --network none --name "$mine-$number" \
    --label "overnight.batch=$OVERNIGHT_BATCH_UUID" --label "overnight.task=$OVERNIGHT_TASK" \
    overnight-demo:latest tail -f /dev/null >/dev/null
  echo "capsule $number/6 has its container"
done
for number in 3 4 5 6; do
  docker exec "$mine-$number" sh -c 'mkdir -p /workspace; echo "openai.AuthenticationError: 401" >/workspace/error.log'
done
for number in 1 2; do
  docker exec "$mine-$number" sh -c 'end=$(($(date +%s) + 12)); while [ "$(date +%s)" -lt $end ]; do :; done' &
done
wait
echo "6/6 capsules done"
