export default function Help() {
  return <p>Ask somebody.</p>;
}
